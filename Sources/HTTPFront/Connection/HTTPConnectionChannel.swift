import Charges
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Telemetry

/// A connection of HTTP/1: its handlers, and the task that answers its requests, one after the other.
///
/// Reads and writes stay on the connection's event loop. A request goes from there to the task once, with its body,
/// since passing on its parts one by one costs more than processing them.
struct HTTPConnectionChannel: ServerChildChannel {
    let configuration: HTTPConfiguration
    let responder: RequestHandler
    let refusal: MalformedRequest
    let levels: ConnectionLevels

    /// A connection with its requests.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        fileprivate let requests: AsyncStream<IncomingRequest>
        fileprivate let handler: NIOLoopBound<RequestAssembler>
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = 16 * 1024
            limits.maxHeaderListSize = 32 * 1024
            limits.maxHeaderFieldCount = 100
            let pipeline = channel.pipeline.syncOperations
            // ConnectionHandler handles pipelining and errors, and HTTPFields are always valid.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false,
                withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: limits)
            let connection = ConnectionHandler(
                maximumBodyBytes: configuration.maximumBodyBytes,
                bodyTimeout: .milliseconds(Int64(configuration.bodyTimeoutMilliseconds)), refusal: refusal)
            let (requests, continuation) = AsyncStream<IncomingRequest>.makeStream()
            let handler = RequestAssembler(
                connection: connection, maximumBodyBytes: configuration.maximumBodyBytes,
                requests: continuation)
            try pipeline.addHandlers([
                ConnectionCloseHandler(), HTTP1ToHTTPServerCodec(secure: false), connection,
                HTTPConnectionStateHandler(
                    idleTimeout: .milliseconds(Int64(configuration.idleTimeoutMilliseconds)),
                    logger: logger),
                handler,
            ])
            return Value(
                channel: channel, requests: requests,
                handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
    }

    /// Answers the requests of a connection, and returns when it has ended and its last request is answered. Cancelling
    /// the task closes the connection.
    func handle(value: Value, logger: Logger) async {
        levels.opened()
        defer { levels.closed() }
        await withTaskCancellationHandler {
            for await request in value.requests {
                levels.began()
                let answer = await responder.respond(to: request, peer: .channel(value.channel))
                levels.ended()
                value.channel.eventLoop.execute { value.handler.value.write(answer) }
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}

/// The normalisation of every request to close the connection to `Connection: close`, the one spelling that the server
/// recognises. Option names are case-insensitive and may be in a list (RFC 9110, 7.6.1), and a client of HTTP/1.0 takes
/// the end of the connection for the end of the response (RFC 9112, 9.3).
final class ConnectionCloseHandler: ChannelInboundHandler, RemovableChannelHandler {
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

/// The response to malformed HTTP, with its log entry.
struct MalformedRequest: Sendable {
    let logger: Logger
    let metrics: MetricsRecorder

    func answer() -> HTTPResponseMessage {
        let requestIdentifier = RequestIdentifier.new
        var response = Response(
            RequestFailure(
                .invalidParameter,
                "The request is not HTTP/1.1, or its header has more than 32 KiB or more than 100 fields."))
        response.headers[.connection] = "close"
        logger.info(
            "call",
            metadata: [
                "request_id": "\(requestIdentifier)", "call": "none",
                "http_status": "\(response.status.code)",
                "code": "\(response.code)",
            ])
        metrics.count(.calls, ["none", response.code, String(response.status.code)])
        return response.message(response.status, requestIdentifier: requestIdentifier)
    }
}
