import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import Telemetry

@testable import HTTPFront

/// A connection without a socket. Its time stands still, and bodies have at most ten bytes.
struct ConnectionFixture {
    let channel: EmbeddedChannel
    let requests = RequestQueue()
    let connection: ConnectionHandler
    let handler: RequestAssembler
    private let reads = ReadCounter()

    /// - Parameter isUpload: Whether bodies are uploads, which have no such bound.
    init(isUpload: Bool = false) throws {
        let refusal = RefusedInput(
            logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }, metrics: MetricsRecorder())
        connection = ConnectionHandler(
            limits: ConnectionHandler.Limits(
                headerTimeout: .hours(1), bodyTimeout: .hours(1), maximumBodyBytes: 10,
                isUpload: { _ in isUpload }),
            refusal: refusal)
        handler = RequestAssembler(connection: connection, maximumBodyBytes: 10, requests: requests)
        channel = EmbeddedChannel(handlers: [reads, connection, handler])
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/none")).wait()
    }

    /// The number of times that the connection has asked for input.
    var readCount: Int { reads.count }

    /// The bytes arrive in one read.
    func receive(_ bytes: String...) throws {
        try channel.writeInbound(ByteBuffer(string: bytes.joined()))
    }

    static func head(_ path: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    }

    static func body(_ text: String) -> String {
        String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n"
    }

    static let end = "0\r\n\r\n"

    var context: ChannelHandlerContext {
        get throws { try channel.pipeline.syncOperations.context(handler: handler) }
    }

    /// Answers the request that was passed on last.
    func answer() {
        handler.write(HTTPResponseMessage(head: HTTPResponse(status: .ok), body: .whole(ByteBuffer())))
    }

    /// What was passed on until now: path and body, as far as that came.
    func close() async throws -> [String] {
        _ = try channel.finish(acceptAlreadyClosed: true)
        var passed: [String] = []
        while let request = await requests.next() {
            var text = request.head.path ?? ""
            switch request.body {
            case .whole(let body): text += " whole " + String(buffer: body)
            case .stream(let pieces):
                do {
                    for try await piece in pieces { text += " " + String(buffer: piece) }
                } catch { text += " cut off" }
            }
            passed.append(text)
        }
        return passed
    }
}

/// Counts how often a channel is asked for input.
private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = Never

    private(set) var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
