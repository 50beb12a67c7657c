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
/// What is read and written stays on the connection's event loop, and a request goes from there to the task once, with
/// its body: parts of requests, passed on one by one, cost a call more than what is done with them.
struct HTTPConnectionChannel: ServerChildChannel {
    let configuration: HTTPConfiguration
    let responder: RequestHandler
    let refusal: MalformedRequest

    /// A connection, and what comes over it.
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
            // Pipelining and errors are the affair of ConnectionHandler, and HTTPFields are valid as they are.
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

    /// Returns when the connection has ended and the last of its requests has been dealt with. When the program must
    /// end at once, so does the connection.
    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            for await request in value.requests {
                let answer = await responder.respond(to: request, peer: .channel(value.channel))
                value.channel.eventLoop.execute { value.handler.value.write(answer) }
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}

/// Hears every client that wants the connection closed after its answer, where the server beneath knows one spelling
/// alone: names of options have no case and may stand in a list (RFC 9110, 7.6.1), and a client of HTTP/1.0 takes
/// the connection's end for the answer's (RFC 9112, 9.3).
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

/// The answer to what is no HTTP, and the log's line of it.
struct MalformedRequest: Sendable {
    let logger: Logger
    let metrics: MetricsRecorder

    func answer() -> HTTPResponseMessage {
        let requestIdentifier = RequestIdentifier.new
        var envelope = Envelope(
            RequestFailure(
                .invalidParameter,
                "The request is not HTTP/1.1, or its header has more than 32 KiB or more than 100 fields."))
        envelope.headers[.connection] = "close"
        let status = envelope.status.code
        logger.info(
            "call",
            metadata: [
                "request_id": "\(requestIdentifier)", "call": "none", "http_status": "\(status)",
                "code": "\(envelope.code)",
            ])
        metrics.count(.calls, ["none", envelope.code, String(status)])
        return envelope.answer(requestIdentifier: requestIdentifier)
    }
}
