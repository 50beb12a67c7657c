/// Where decisions are made durable.
package protocol DecisionRepository: Sendable {
    /// Decides the items of one call, each alone, and returns when what succeeded is durable.
    ///
    /// - Parameter call: 1 to 50 items, all of one operator.
    /// - Returns: The outcome of each item, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` or `rateLimited` when nothing was applied nor will be,
    ///   `outcomeUnknown` when that cannot be found out. The answer may come after the call's deadline; whoever must
    ///   answer by then says of the call that its outcome is not known.
    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome]
}
