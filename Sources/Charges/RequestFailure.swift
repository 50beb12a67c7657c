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

extension RequestFailure {
    /// The database cannot be used just now, or the service is full; nothing was applied.
    package static let serviceUnavailable = RequestFailure(
        .serviceUnavailable, "The service cannot take the call now and nothing of it was applied; try again.",
        retryAfterSeconds: 1)

    /// The operator has more calls waiting than its share of the queue.
    package static let operatorBeyondShare = RequestFailure(
        .rateLimited, "The operator has too many calls waiting; send fewer at a time.", retryAfterSeconds: 1)

    /// The call was read when its time was over already; nothing was applied.
    package static let tooLate = RequestFailure(
        .serviceUnavailable,
        "The call was read after its time was over, and nothing of it was applied; try again.",
        retryAfterSeconds: 1)

    /// A commit was sent and its answer was lost, and could not be settled in time.
    package static let outcomeUnknown = RequestFailure(
        .outcomeUnknown,
        "It is not known whether the call was applied; repeat it with the same Idempotency-Key.")

    /// The service failed in a way that it did not foresee. The log has the rest.
    package static let internalError = RequestFailure(
        .internalError, "The service failed; it is not known whether the call was applied.")
}
