/// The failure of a whole call. Nothing of the call is applied, except that the outcome of `outcomeUnknown` and
/// `internalError` is unknown.
package struct RequestFailure: Error, Equatable, Sendable {
    package let code: Code
    /// The description for a person: what to change. It names no internals.
    package let description: String
    /// The number of seconds to wait before trying again, where it is known.
    package let retryAfterSeconds: Int?

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
        case notPermitted = "NOT_PERMITTED"
        case notFound = "NOT_FOUND"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
        case requestTimeout = "REQUEST_TIMEOUT"
        case requestTooLarge = "REQUEST_TOO_LARGE"
        case rateLimited = "RATE_LIMITED"
        case internalError = "INTERNAL_ERROR"
        case serviceUnavailable = "SERVICE_UNAVAILABLE"
        case outcomeUnknown = "OUTCOME_UNKNOWN"
    }
}

extension RequestFailure {
    /// The failure of a call when the database is unusable or the service is full. Nothing was applied.
    package static let serviceUnavailable = RequestFailure(
        .serviceUnavailable, "The service cannot take the call now. Nothing was applied; try again.",
        retryAfterSeconds: 1)

    /// The failure of a call that was read after its deadline. Nothing was applied.
    package static let tooLate = RequestFailure(
        .serviceUnavailable,
        "The call was read after its deadline. Nothing was applied; try again.",
        retryAfterSeconds: 1)

    /// The failure of a call whose commit was sent, whose response was lost, and which could not be resolved in time.
    package static let outcomeUnknown = RequestFailure(
        .outcomeUnknown,
        "The outcome of the call is unknown; repeat it with the same Idempotency-Key.")

    /// The failure of a call whose user or operator is suspended.
    package static let operatorSuspended = RequestFailure(
        .operatorSuspended,
        "The operator or its user is suspended; contact the administrator of the service.")

    /// The failure of a call by an unexpected error. The log has the details.
    package static let internalError = RequestFailure(
        .internalError, "The service failed. The outcome of the call is unknown.")
}
