import Authentication
import Charges

/// `POST netflix/charges/accept/dry-run`, `decline/dry-run` and `acknowledge/dry-run`: the result that the real call
/// would have for every item. They have paths of their own, so that a server that does not know them answers 404 and
/// decides nothing.
struct DryRunController: OperatorController {
    /// The controller of the real call, whose requests this one takes.
    let decision: DecisionController

    func body(of request: RequestContext) async throws(RequestFailure) -> DecisionBody {
        try await decision.body(of: request)
    }

    func respond(to request: RequestContext, _ body: DecisionBody, from principal: Principal)
        async throws(RequestFailure) -> Response
    {
        let items = try body.items()
        // A dry run returns all results, and refuses what the real call refuses.
        _ = try request.tellsAllResults()
        let call = try DecisionCall(decision.action, items, of: request, from: principal)
        let outcomes = try await decision.decisions.dryRun(call)
        // The metrics count no item, since none was decided.
        return Response(DecisionResponse.data(items, outcomes, tellsAll: true))
    }
}
