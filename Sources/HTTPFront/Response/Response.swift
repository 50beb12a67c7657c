import Authentication
import Charges
import HTTPTypes
import NIOCore
import StrictJSON

/// The response of a controller: what is sent, and what the log and the metrics say of the call.
struct Response: Sendable {
    var content: Content
    /// The HTTP status, if it is not the one that fits the failure's code.
    var ownStatus: HTTPResponse.Status?
    /// Headers besides those of every response.
    var headers = HTTPFields()
    /// What is sent of a failure to a person, in the place of the envelope.
    var failurePage: RawResponse?
    /// The description in the envelope of a call that succeeded.
    var description = ""
    /// The code of the operator whose call it was, if it is known.
    var operatorCode: String?
    /// The operator's own setting for HTTP statuses; `nil` if it has none or is unknown.
    var errorStatusPolicy: ErrorStatusPolicy?
    /// The name of the provider key of the call, if it has one.
    var providerKeyName: String?
    /// The number of items in the call.
    var itemCount: Int?
    /// The end of an upload.
    var transfer: TransferEnd?
    /// The number of failed items by code; `nil` for a call whose items cannot fail.
    var failedCodes: [String: Int]?

    /// What is sent.
    enum Content: Sendable {
        /// The `data` of an envelope.
        case data(ResponseBody)
        /// A text without an envelope.
        case raw(RawResponse)
        /// The failure of the whole call.
        case failure(RequestFailure)
    }

    init(_ data: ResponseBody) {
        content = .data(data)
    }

    init(_ page: RawResponse) {
        content = .raw(page)
    }

    init(_ failure: RequestFailure) {
        content = .failure(failure)
    }

    /// The response to a call with items, which counts them whether or not the call fails as a whole.
    static func counting(
        items itemCount: Int, _ respond: () async throws(RequestFailure) -> Response
    ) async -> Response {
        var response = await catching(respond)
        response.itemCount = itemCount
        return response
    }

    /// The response that a closure returns, or the one to the failure that it throws.
    static func catching(_ respond: () async throws(RequestFailure) -> Response) async -> Response {
        do throws(RequestFailure) {
            return try await respond()
        } catch {
            return Response(error)
        }
    }

    /// The response with the operator whose call it was.
    func of(_ account: OperatorAccount) -> Response {
        var response = self
        response.operatorCode = account.code
        response.errorStatusPolicy = account.errorStatusPolicy
        return response
    }

    /// The response with its failed items counted by code.
    func failing(_ codes: some Sequence<String>) -> Response {
        var response = self
        response.failedCodes = codes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        return response
    }

    /// The failure of the whole call, if it failed.
    var failure: RequestFailure? {
        if case .failure(let failure) = content { failure } else { nil }
    }

    /// The code of the envelope.
    var code: String { failure?.code.rawValue ?? "OK" }

    /// The HTTP status that fits the response.
    var status: HTTPResponse.Status { ownStatus ?? failure?.code.httpStatus ?? .ok }

    /// The response as it is sent. All responses are made here, so that none lacks its request id.
    func message(_ status: HTTPResponse.Status, requestIdentifier: String) -> HTTPResponseMessage {
        var headers = headers
        let body: OutgoingBody
        switch content {
        case .data(let data): body = .whole(Envelope.success(data, description: description))
        case .raw(let page):
            body = page.body
            headers = page.headers
            headers[.contentType] = page.type
        case .failure(let failure):
            if let page = failurePage {
                body = page.body
                headers.append(contentsOf: page.headers)
                headers[.contentType] = page.type
            } else {
                body = .whole(Envelope.failure(failure, requestIdentifier: requestIdentifier))
            }
            if let seconds = failure.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
            if failure.code.leavesBodyUnread { headers[.connection] = "close" }
        }
        if headers[.contentType] == nil { headers[.contentType] = "application/json; charset=utf-8" }
        if case .whole(let bytes) = body { headers[.contentLength] = String(bytes.readableBytes) }
        headers[.date] = DateHeader.now
        headers[.requestIdentifier] = requestIdentifier
        return HTTPResponseMessage(head: HTTPResponse(status: status, headerFields: headers), body: body)
    }
}

/// The `data` of a response.
enum ResponseBody: Sendable {
    case value(JSONValue)
    /// JSON that is written into the envelope itself, without a tree, for a long response; with the expected number of
    /// bytes.
    case written(capacity: Int, by: @Sendable (inout JSONWriter) -> Void)

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
        case .written(_, let write): write(&writer)
        }
    }
}

/// A response without an envelope: the OpenAPI document, its HTML page, the metrics, or a file.
struct RawResponse: Sendable {
    /// The media type.
    let type: String
    let body: OutgoingBody
    var headers: HTTPFields

    init(type: String, body: OutgoingBody, headers: HTTPFields = [:]) {
        self.type = type
        self.body = body
        self.headers = headers
    }

    init(type: String, text: String, headers: HTTPFields = [:]) {
        self.init(type: type, body: .whole(ByteBuffer(string: text)), headers: headers)
    }
}

/// A response as it is sent.
struct HTTPResponseMessage: Sendable {
    var head: HTTPResponse
    var body: OutgoingBody

    /// The response to HEAD: the one to GET without its body (RFC 9110, 9.3.2).
    var withoutBody: HTTPResponseMessage { HTTPResponseMessage(head: head, body: .none) }
}
