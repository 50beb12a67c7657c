import Authentication
import Charges
import HTTPTypes

/// `POST netflix/charges/accept`, `decline` and `acknowledge`: up to 50 charges in one call, each succeeding or
/// failing alone.
struct DecisionController: Controller {
    let action: ChargeAction
    let tokens: TokenVerifier
    let decisions: any DecisionRepository

    func answer(_ call: inout Call) async throws(RequestFailure) -> JSONValue {
        let body = try await call.json()
        let token = try RequestToken.find(headers: call.headers, body: body)
        let caller = try await tokens.verify(token, deadline: call.deadline)
        call.recognise(caller.operatorAccount)
        try body.requireObject()
        let setName = Self.setName(action)
        let items = try DecisionItems.read(body, setName: setName)
        call.itemCount = items.count
        let tellsAll = try Self.tellsAllResults(call)
        let idempotencyKey = try Self.idempotencyKey(call.headers)
        let decisionCall = DecisionCall(
            operatorIdentifier: caller.operatorAccount.identifier, operatorCode: caller.operatorAccount.code,
            username: caller.username, action: action, items: items, idempotencyKey: idempotencyKey,
            repeatsSucceed: caller.operatorAccount.repeatedDecisionsSucceed, deadline: call.deadline)
        let outcomes = try await AnswerInTime.run(until: call.deadline) {
            [decisions] () throws(RequestFailure) in
            try await decisions.decide(decisionCall)
        }
        call.failedCount = outcomes.count { if case .failed = $0 { true } else { false } }
        return DecisionAnswer.data(items, outcomes, tellsAll: tellsAll)
    }

    /// The body's field that holds the charges.
    private static func setName(_ action: ChargeAction) -> String {
        switch action {
        case .accept: "accepted_charges_set"
        case .decline: "declined_charges_set"
        case .acknowledge: "acknowledged_charges_set"
        }
    }

    private static func tellsAllResults(_ call: Call) throws(RequestFailure) -> Bool {
        switch try call.queryParameter("results") {
        case nil: return false
        case "all": return true
        default: throw RequestFailure(.invalidParameter, "results is either absent or all.")
        }
    }

    private static func idempotencyKey(_ headers: HTTPFields) throws(RequestFailure) -> ExactText? {
        let keys = headers[values: .idempotencyKey]
        guard let key = keys.first else { return nil }
        guard keys.count == 1, key.isVisibleASCII(upTo: 128) else {
            throw RequestFailure(
                .invalidParameter,
                "The header Idempotency-Key stands once and has 1 to 128 visible ASCII characters.")
        }
        return ExactText(key)
    }
}
