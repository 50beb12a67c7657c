import Charges

/// Decides by another repository, and counts the items that failed. A call that failed as a whole counts
/// nothing: none of its items has an outcome.
struct CountingDecisionRepository: DecisionRepository {
    let decisions: any DecisionRepository
    let failedItems: FailedItemCounts

    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        let outcomes = try await decisions.decide(call)
        failedItems.add(
            outcomes, operatorIdentifier: call.operatorIdentifier, kind: call.action.rawValue)
        return outcomes
    }
}
