import StrictJSON
import Charges
import HTTPTypes
import NIOCore

/// The envelope of every response: `{"data": …, "status": {"code", "description", "message"}}`.
struct Envelope: Sendable {
    var data = ResponseBody.nothing
    var code = "OK"
    var description = ""
    var message = ""
    var status = HTTPResponse.Status.ok
    var headers = HTTPFields()
    /// The response that is sent instead of the envelope, if any.
    var page: RawResponse?

    /// The envelope of a call that succeeded.
    init(data: ResponseBody) {
        self.data = data
    }

    /// The envelope of a call that was refused, or whose outcome is unknown.
    init(_ failure: RequestFailure) {
        code = failure.code.rawValue
        description = failure.description
        message = failure.code.message
        status = failure.code.httpStatus
        if let seconds = failure.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if failure.code.leavesBodyUnread { headers[.connection] = "close" }
    }

    /// The whole response. All responses are made here, so that none lacks its request id.
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

    /// The response to most calls that decide.
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

/// The `data` of a response.
enum ResponseBody: Sendable {
    case value(JSONValue)
    /// JSON that is written already, without a tree, for a long response.
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

/// A response as it is sent.
struct HTTPResponseMessage: Sendable {
    var head: HTTPResponse
    var body: ByteBuffer

    /// The response to HEAD: the one to GET without its body (RFC 9110, 9.3.2).
    var withoutBody: HTTPResponseMessage { HTTPResponseMessage(head: head, body: ByteBuffer()) }
}

/// A response without an envelope: the OpenAPI document, its HTML page, or the metrics.
struct RawResponse: Sendable {
    /// The media type.
    let type: String
    let text: String
    var headers = HTTPFields()
}
