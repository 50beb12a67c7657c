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
    /// What is answered instead of the envelope.
    var page: Page?

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
        Response(
            status: status, headers: allHeaders(requestIdentifier: requestIdentifier),
            body: ResponseBody(byteBuffer: body))
    }

    func allHeaders(requestIdentifier: String) -> HTTPFields {
        var headers = page?.headers ?? headers
        headers[.contentType] = page?.type ?? "application/json; charset=utf-8"
        headers[.requestIdentifier] = requestIdentifier
        return headers
    }

    var body: ByteBuffer {
        if let page { return ByteBuffer(string: page.text) }
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
        return buffer
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
