import Charges
import HTTPTypes

/// A fault of a connection's input: bytes that are no request of HTTP/1.1 (RFC 9110, RFC 9112), or a request that
/// cannot be read to its end. The connection ends with the response to it.
struct RequestFault: Error {
    let status: HTTPResponse.Status
    let failure: RequestFailure
    /// The methods of the header `Allow`, which a 405 must have.
    var allowed: String?

    init(_ status: HTTPResponse.Status, _ code: RequestFailure.Code, _ description: String) {
        self.status = status
        failure = RequestFailure(code, description)
    }

    /// A fault against the syntax.
    static func malformed(_ description: String) -> RequestFault {
        RequestFault(.badRequest, .invalidParameter, description)
    }

    /// A request that the client did not finish.
    static var cutOff: RequestFault { malformed("The request was cut off.") }

    static var targetTooLong: RequestFault {
        RequestFault(
            .uriTooLong, .requestTooLarge,
            "The request line must have at most \(RequestParser.maximumLineBytes) bytes.")
    }

    static var headerTooLarge: RequestFault {
        RequestFault(
            .requestHeaderFieldsTooLarge, .requestTooLarge,
            "The header must have at most \(RequestParser.maximumHeaderBytes) bytes in "
                + "\(RequestParser.maximumFields) lines.")
    }

    static var headerTimeout: RequestFault {
        RequestFault(.requestTimeout, .requestTimeout, "The header did not arrive in time.")
    }

    static var unknownVersion: RequestFault {
        RequestFault(.httpVersionNotSupported, .invalidParameter, "The service speaks HTTP/1.1.")
    }

    static var unknownCoding: RequestFault {
        RequestFault(
            .notImplemented, .invalidParameter, "The one transfer coding that the service reads is chunked.")
    }

    /// `CONNECT`, which asks for a tunnel.
    static var tunnel: RequestFault {
        var fault = RequestFault(.methodNotAllowed, .methodNotAllowed, "The service is not a proxy.")
        fault.allowed = Routes.methods
        return fault
    }
}
