/// Why a whole call was refused, or why its outcome is not known. Nothing of the call is applied, but for
/// `outcomeUnknown` and `internalError`, of which nothing can be said.
package struct RequestFailure: Error, Equatable, Sendable {
    package let code: Code
    /// What to change, for a person. Nothing of the inside.
    package let description: String
    /// When it is worth trying again, where that can be said.
    package let retryAfterSeconds: Int?
    /// Whom a call was refused to, where the refusal is all that is known of the call.
    package var operatorAccount: OperatorAccount?

    package init(_ code: Code, _ description: String, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.description = description
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The codes of docs/api.md, "Request-level errors".
    package enum Code: String, Sendable, CaseIterable {
        case invalidJSON = "INVALID_JSON"
        case missingParameter = "MISSING_PARAMETER"
        case invalidParameter = "INVALID_PARAMETER"
        case tooManyCharges = "TOO_MANY_CHARGES"
        case cursorExpired = "CURSOR_EXPIRED"
        case invalidToken = "INVALID_TOKEN"
        case tokenExpired = "TOKEN_EXPIRED"
        case invalidCredentials = "INVALID_CREDENTIALS"
        case invalidKey = "INVALID_KEY"
        case operatorSuspended = "OPERATOR_SUSPENDED"
        case notFound = "NOT_FOUND"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case requestTimeout = "REQUEST_TIMEOUT"
        case requestTooLarge = "REQUEST_TOO_LARGE"
        case rateLimited = "RATE_LIMITED"
        case internalError = "INTERNAL_ERROR"
        case serviceUnavailable = "SERVICE_UNAVAILABLE"
        case outcomeUnknown = "OUTCOME_UNKNOWN"
    }
}
