import Charges
import HTTPTypes

/// The table of the request-level errors in docs/api.md.
extension RequestFailure.Code {
    /// The HTTP status that fits the code.
    var httpStatus: HTTPResponse.Status {
        switch self {
        case .invalidJSON, .missingParameter, .invalidParameter, .tooManyCharges, .cursorExpired: .badRequest
        case .invalidToken, .tokenExpired, .invalidCredentials, .invalidKey: .unauthorized
        case .operatorSuspended, .notPermitted: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .idempotencyKeyReused: .conflict
        case .requestTimeout: .requestTimeout
        case .requestTooLarge: .contentTooLarge
        case .rateLimited: .tooManyRequests
        case .internalError: .internalServerError
        case .serviceUnavailable, .outcomeUnknown: .serviceUnavailable
        }
    }

    /// The message: one short sentence.
    var message: String {
        switch self {
        case .invalidJSON: "The body is not JSON."
        case .missingParameter: "A parameter is missing."
        case .invalidParameter: "A parameter is wrong."
        case .tooManyCharges: "There are too many charges in one call."
        case .cursorExpired: "The cursor has expired."
        case .invalidToken: "The token is not valid."
        case .tokenExpired: "The token has expired."
        case .invalidCredentials: "The login failed."
        case .invalidKey: "The key is not valid."
        case .operatorSuspended: "The operator is suspended."
        case .notPermitted: "The role does not permit the call."
        case .notFound: "There is no such call, charge or statement."
        case .methodNotAllowed: "The method is not allowed."
        case .idempotencyKeyReused: "The Idempotency-Key was used for another file."
        case .requestTimeout: "The request did not arrive in time."
        case .requestTooLarge: "The request is too large."
        case .rateLimited: "There are too many calls."
        case .internalError: "The service failed."
        case .serviceUnavailable: "The service is not available."
        case .outcomeUnknown: "The outcome is unknown."
        }
    }

    /// Whether the failure occurs before the token is checked.
    var precedesToken: Bool {
        switch self {
        case .invalidJSON, .requestTooLarge, .requestTimeout, .notFound, .methodNotAllowed: true
        default: false
        }
    }

    /// Whether the response is sent before the whole request has arrived. The connection cannot be used again then.
    var leavesBodyUnread: Bool { self == .requestTimeout || self == .requestTooLarge }
}
