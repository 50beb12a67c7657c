import StrictJSON
import Authentication
import Charges
import HTTPTypes

/// `POST netflix/charges/accept`, `decline` and `acknowledge`: up to 50 charges in one call, each succeeding or
/// failing alone.
struct DecisionController: Controller {
    let action: ChargeAction
    let tokens: TokenVerifier
    let decisions: any DecisionRepository

    func answer(_ call: inout RequestContext) async throws(RequestFailure) -> ResponseBody {
        let setName = Self.setName(action)
        let body = try await call.bodyReader.read(call.request).json { bytes throws(JSONError) in
            try DecisionBody.read(bytes, setName: setName)
        }
        let token = try RequestToken.find(headers: call.headers, body: body.token)
        let principal = try await tokens.verify(token, deadline: call.deadline)
        call.authenticate(principal.operatorAccount)
        let items = try body.items()
        call.itemCount = items.count
        let tellsAll = try Self.tellsAllResults(call)
        let idempotencyKey = try Self.idempotencyKey(call.headers)
        let decisionCall = DecisionCall(
            operatorIdentifier: principal.operatorAccount.identifier,
            operatorCode: principal.operatorAccount.code,
            username: principal.username, action: action, items: items, idempotencyKey: idempotencyKey,
            repeatsSucceed: principal.operatorAccount.repeatedDecisionsSucceed, deadline: call.deadline)
        let outcomes = try await withDeadline(call.deadline) {
            [decisions] () throws(RequestFailure) in
            try await decisions.decide(decisionCall)
        }
        call.failedCodes = [:]
        for failure in outcomes.lazy.compactMap(\.failure) { call.itemFailed(failure.code.rawValue) }
        return DecisionResponse.data(items, outcomes, tellsAll: tellsAll)
    }

    /// The name of the body's field that holds the charges.
    private static func setName(_ action: ChargeAction) -> StaticString {
        switch action {
        case .accept: "accepted_charges_set"
        case .decline: "declined_charges_set"
        case .acknowledge: "acknowledged_charges_set"
        }
    }

    private static func tellsAllResults(_ call: RequestContext) throws(RequestFailure) -> Bool {
        switch try call.queryParameter("results") {
        case nil: return false
        case "all": return true
        default: throw RequestFailure(.invalidParameter, "results must be all, if it is sent.")
        }
    }

    private static func idempotencyKey(_ headers: HTTPFields) throws(RequestFailure) -> ExactText? {
        let keys = headers[values: .idempotencyKey]
        guard let key = keys.first else { return nil }
        guard keys.count == 1, key.isVisibleASCII(upTo: 128) else {
            throw RequestFailure(
                .invalidParameter,
                "Idempotency-Key must be 1 to 128 visible ASCII characters, and be sent once.")
        }
        return ExactText(key)
    }
}
