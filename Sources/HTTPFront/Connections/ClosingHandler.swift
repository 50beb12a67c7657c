import NIOCore
import NIOHTTP1

/// Hears every client that wants the connection closed after its answer, where the server beneath knows one spelling
/// alone: names of options have no case and may stand in a list (RFC 9110, 7.6.1), and a client of HTTP/1.0 takes
/// the connection's end for the answer's (RFC 9112, 9.3).
final class ClosingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), !head.isKeepAlive || head.version != .http1_1
        else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
