import Charges

/// Answers one kind of call.
protocol Controller: Sendable {
    /// How to authenticate, for whoever has not: `WWW-Authenticate` (RFC 9110, 11.6.1).
    var challenge: String { get }

    /// - Returns: The answer's `data`.
    /// - Throws: What the whole call is refused for.
    func answer(_ call: inout Call) async throws(RequestFailure) -> AnswerData
}

extension Controller {
    /// RFC 6750: all but logins take a token, or the provider's key, so.
    var challenge: String { "Bearer" }
}
