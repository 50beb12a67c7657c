import Charges
import HTTPTypes

/// The table of docs/api.md, "Errors of a whole call".
extension RequestFailure.Code {
    /// The HTTP status that fits.
    var httpStatus: HTTPResponse.Status {
        switch self {
        case .invalidJSON, .missingParameter, .invalidParameter, .tooManyCharges, .cursorExpired: .badRequest
        case .invalidToken, .tokenExpired, .invalidCredentials, .invalidKey: .unauthorized
        case .operatorSuspended: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .requestTooLarge: .contentTooLarge
        case .rateLimited: .tooManyRequests
        case .internalError: .internalServerError
        case .serviceUnavailable, .outcomeUnknown: .serviceUnavailable
        }
    }

    /// One short sentence.
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
        case .notFound: "There is no such call or charge."
        case .methodNotAllowed: "The call takes another method."
        case .requestTimeout: "The request did not arrive in time."
        case .requestTooLarge: "The request is too large."
        case .rateLimited: "There are too many calls."
        case .internalError: "The service failed."
        case .serviceUnavailable: "The service is not available."
        case .outcomeUnknown: "The outcome is not known."
        }
    }

    /// Whether a call is refused for it before anybody has looked at its token.
    var precedesToken: Bool {
        switch self {
        case .invalidJSON, .requestTooLarge, .requestTimeout, .notFound, .methodNotAllowed: true
        default: false
        }
    }

    /// Whether the answer comes before the whole request has: the connection is of no more use then.
    var leavesBodyUnread: Bool { self == .requestTimeout || self == .requestTooLarge }
}
