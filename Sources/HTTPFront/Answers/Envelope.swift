import Charges
import HTTPTypes
import HummingbirdCore
import NIOCore

/// The shape of every answer: `{"data": …, "status": {"code", "description", "message"}}`.
struct Envelope: Sendable {
    var data: JSONValue = .object([])
    var code = "OK"
    var description = ""
    var message = ""
    var status = HTTPResponse.Status.ok
    var headers = HTTPFields()

    /// A call that was taken.
    init(data: JSONValue) {
        self.data = data
    }

    /// A call that was refused, or whose outcome is not known.
    init(_ failure: RequestFailure) {
        code = failure.code.rawValue
        description = failure.description
        message = failure.code.message
        status = failure.code.httpStatus
        if let seconds = failure.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if failure.code.leavesBodyUnread { headers[.connection] = "close" }
    }

    /// The whole answer. It is made here alone, so that no answer is without its request id.
    func response(requestIdentifier: String) -> Response {
        var buffer = ByteBufferAllocator().buffer(capacity: 256)
        JSONValue.object([
            .init("data", data),
            .init(
                "status",
                .object([
                    .init("code", .string(code)), .init("description", .string(description)),
                    .init("message", .string(message)),
                ])),
        ])
        .write(to: &buffer)
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.requestIdentifier] = requestIdentifier
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
