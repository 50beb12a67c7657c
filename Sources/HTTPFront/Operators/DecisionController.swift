import StrictJSON
import Authentication
import Charges

/// `POST netflix/charges/accept`, `decline` and `acknowledge`: up to 50 charges in one call, each succeeding or
/// failing alone.
struct DecisionController: OperatorController {
    let action: ChargeAction
    /// The name of the body's field that holds the charges.
    let setName: StaticString
    let decisions: any DecisionRepository
    let minimumRole = Role.decider

    func body(of request: RequestContext) async throws(RequestFailure) -> DecisionBody {
        try await request.body().json { bytes throws(JSONError) in
            try DecisionBody.read(bytes, setName: setName)
        }
    }

    func respond(to request: RequestContext, _ body: DecisionBody, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let items = try body.items()
        return await .counting(items: items.count) { () throws(RequestFailure) in
            let tellsAll = try request.tellsAllResults()
            let call = try DecisionCall(action, items, of: request, from: principal)
            let outcomes = try await withDeadline(request.deadline) {
                [decisions] () throws(RequestFailure) in
                try await decisions.decide(call)
            }
            return Response(DecisionResponse.data(items, outcomes, tellsAll: tellsAll))
                .failing(outcomes.lazy.compactMap(\.failure?.code.rawValue))
        }
    }
}

extension DecisionCall {
    /// The call that a request makes, or whose dry run it makes.
    ///
    /// - Throws: `invalidParameter` for the Idempotency-Key.
    init(
        _ action: ChargeAction, _ items: [DecisionItem], of request: RequestContext, from principal: Principal
    ) throws(RequestFailure) {
        self.init(
            operatorIdentifier: principal.operatorAccount.identifier,
            operatorCode: principal.operatorAccount.code, username: principal.username, action: action,
            items: items, idempotencyKey: try request.idempotencyKey(),
            repeatsSucceed: principal.operatorAccount.repeatedDecisionsSucceed, deadline: request.deadline)
    }
}

extension RequestContext {
    /// Whether the parameter `results` asks for the results of all items.
    ///
    /// - Throws: `invalidParameter` for any other value than `all`.
    func tellsAllResults() throws(RequestFailure) -> Bool {
        switch try queryParameter("results") {
        case nil: return false
        case "all": return true
        default: throw RequestFailure(.invalidParameter, "results must be all, if it is sent.")
        }
    }
}
