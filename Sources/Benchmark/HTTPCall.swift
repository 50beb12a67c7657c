import NIOCore
import NIOPosix

/// A single call on its own connection.
package enum HTTPCall {
    /// The reason why there is no response.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Makes the call and waits for the response.
    ///
    /// - Parameter request: The whole request.
    /// - Returns: The status and the body of the response.
    package static func make(_ request: String, to target: HTTPTarget, on loop: LoadLoop) throws(Failure) -> (
        status: Int, body: String
    ) {
        let answer = loop.group.next().makePromise(of: (status: Int, body: String).self)
        let opened = ClientBootstrap(group: loop.group)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        CallHandler(request: request, answer: answer))
                }
            }
            .connect(host: target.host, port: target.port)
        opened.whenFailure { answer.fail($0) }
        do {
            return try answer.futureResult.wait()
        } catch {
            throw Failure(description: "\(target.host):\(target.port) does not respond: \(error)")
        }
    }
}

/// The channel handler that sends a request and returns its response.
private final class CallHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let answer: EventLoopPromise<(status: Int, body: String)>
    private var reader = ResponseReader()
    private static let timeout = TimeAmount.seconds(15)

    init(request: String, answer: EventLoopPromise<(status: Int, body: String)>) {
        self.request = request
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let answer = answer
        context.eventLoop.scheduleTask(in: Self.timeout) {
            answer.fail(HTTPCall.Failure(description: "no response in time"))
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data))
        do {
            guard let (status, body) = try reader.nextBody() else { return }
            answer.succeed((status, String(buffer: body)))
        } catch {
            answer.fail(error)
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(HTTPCall.Failure(description: "the connection was closed"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}

/// The address of the service and the path before its calls.
package struct HTTPTarget: Equatable, Sendable {
    package let host: String
    package let port: Int
    /// The path before the service's own paths, without a slash at its end. It is empty for a node.
    package let path: String

    package init(host: String, port: Int, path: String = "") {
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads `http://HOST[:PORT][/PATH]`.
    ///
    /// - Returns: `nil` for anything else. A load over TLS would measure TLS.
    package init?(url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst(7)
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.hasSuffix("/") { path = path.dropLast() }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let host = parts.first, !host.isEmpty, !host.contains("@") else {
            return nil
        }
        var port: Int? = 80
        if parts.count == 2 { port = Int(parts[1]) }
        guard let port, (1...65_535).contains(port) else { return nil }
        self.init(host: String(host), port: port, path: String(path))
    }

    /// The text of a request.
    ///
    /// - Parameter path: The path under `/crmapi/rest/v2/`, with its query.
    package func request(
        _ method: String, _ path: String, authorization: String, body: String = ""
    ) -> String {
        head(method, path, authorization: authorization) + "\(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The head of a request up to the value of `Content-Length`, its last header.
    func head(_ method: String, _ path: String, authorization: String) -> String {
        """
        \(method) \(self.path)/crmapi/rest/v2/\(path) HTTP/1.1\r
        Host: \(host):\(port)\r
        Authorization: \(authorization)\r
        Content-Type: application/json\r
        Content-Length:
        """ + " "
    }
}
