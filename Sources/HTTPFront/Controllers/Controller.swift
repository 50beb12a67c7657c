import Charges

/// Answers one kind of call.
protocol Controller: Sendable {
    /// - Returns: The answer's `data`.
    /// - Throws: What the whole call is refused for.
    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData
}
