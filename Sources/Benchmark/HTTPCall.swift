import NIOCore
import NIOPosix

/// One call, on a connection of its own.
package enum HTTPCall {
    /// Why there is no answer.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter request: The whole request.
    /// - Returns: The answer's status and body.
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
            throw Failure(description: "\(target.host):\(target.port) does not answer: \(error)")
        }
    }
}

/// Sends a request and tells its answer.
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
            answer.fail(HTTPCall.Failure(description: "no answer in time"))
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
