import Charges
import HTTPTypes
import NIOCore

/// The shape of every answer: `{"data": …, "status": {"code", "description", "message"}}`.
struct Envelope: Sendable {
    var data = AnswerData.nothing
    var code = "OK"
    var description = ""
    var message = ""
    var status = HTTPResponse.Status.ok
    var headers = HTTPFields()
    /// What is answered instead of the envelope.
    var page: Page?

    /// A call that was taken.
    init(data: AnswerData) {
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
    func answer(requestIdentifier: String) -> HTTPAnswer {
        let body = body
        var headers = page?.headers ?? headers
        headers[.contentType] = page?.type ?? "application/json; charset=utf-8"
        headers[.contentLength] = String(body.readableBytes)
        headers[.date] = DateHeader.now
        headers[.requestIdentifier] = requestIdentifier
        return HTTPAnswer(head: HTTPResponse(status: status, headerFields: headers), body: body)
    }

    private var body: ByteBuffer {
        if let page { return ByteBuffer(string: page.text) }
        return code == "OK" && data.isNothing ? Self.allDone : written
    }

    /// What most calls that decide are answered with.
    private static let allDone = Envelope(data: .nothing).written

    private var written: ByteBuffer {
        var capacity = 256
        if case .written(let json) = data { capacity += json.count }
        var writer = JSONWriter(capacity: capacity)
        writer.beginObject()
        writer.name("data")
        data.write(to: &writer)
        writer.name("status")
        writer.beginObject()
        writer.name("code")
        writer.text(code)
        writer.name("description")
        writer.text(description)
        writer.name("message")
        writer.text(message)
        writer.endObject()
        writer.endObject()
        return writer.buffer
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
