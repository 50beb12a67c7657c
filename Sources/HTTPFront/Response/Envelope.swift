import StrictJSON
import Charges
import HTTPTypes
import NIOCore

/// The shape of every answer: `{"data": …, "status": {"code", "description", "message"}}`.
struct Envelope: Sendable {
    var data = ResponseBody.nothing
    var code = "OK"
    var description = ""
    var message = ""
    var status = HTTPResponse.Status.ok
    var headers = HTTPFields()
    /// What is answered instead of the envelope.
    var page: RawResponse?

    /// A call that was taken.
    init(data: ResponseBody) {
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
    func answer(requestIdentifier: String) -> HTTPResponseMessage {
        let body = body
        var headers = page?.headers ?? headers
        headers[.contentType] = page?.type ?? "application/json; charset=utf-8"
        headers[.contentLength] = String(body.readableBytes)
        headers[.date] = DateHeader.now
        headers[.requestIdentifier] = requestIdentifier
        return HTTPResponseMessage(head: HTTPResponse(status: status, headerFields: headers), body: body)
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
        writer.string(code)
        writer.name("description")
        writer.string(description)
        writer.name("message")
        writer.string(message)
        writer.endObject()
        writer.endObject()
        return ByteBuffer(bytes: writer.bytes)
    }
}

extension HTTPField.Name {
    static let requestIdentifier = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}

/// The `data` of an answer.
enum ResponseBody: Sendable {
    case value(JSONValue)
    /// JSON that is written already: a long answer makes no tree.
    case written([UInt8])

    /// `{}`
    static let nothing = object([])

    static func object(_ members: [JSONValue.Member]) -> ResponseBody { .value(.object(members)) }

    /// Whether it is `{}`.
    var isNothing: Bool {
        guard case .value(.object(let members)) = self else { return false }
        return members.isEmpty
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .value(let value): value.write(to: &writer)
        case .written(let json): writer.written(json)
        }
    }
}

/// An answer as it goes out.
struct HTTPResponseMessage: Sendable {
    var head: HTTPResponse
    var body: ByteBuffer

    /// The answer to HEAD: what GET would have been answered with, but for the body (RFC 9110, 9.3.2).
    var withoutBody: HTTPResponseMessage { HTTPResponseMessage(head: head, body: ByteBuffer()) }
}

/// An answer that is no envelope: the API's description, its page for people, or the metrics.
struct RawResponse: Sendable {
    /// The media type.
    let type: String
    let text: String
    var headers = HTTPFields()
}
