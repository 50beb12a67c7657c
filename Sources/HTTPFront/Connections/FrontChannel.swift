import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// A connection of HTTP/1: its handlers, and the task that answers its requests, one after the other.
///
/// What is read and written stays on the connection's event loop, and a request goes from there to the task once, with
/// its body: parts of requests, passed on one by one, cost a call more than what is done with them.
struct FrontChannel: ServerChildChannel {
    let configuration: FrontConfiguration
    let responder: FrontResponder
    let refusal: MalformedRequest

    /// A connection, and what comes over it.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        fileprivate let requests: AsyncStream<IncomingRequest>
        fileprivate let handler: NIOLoopBound<CallHandler>
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
            let handler = CallHandler(
                connection: connection, maximumBodyBytes: configuration.maximumBodyBytes,
                requests: continuation)
            try pipeline.addHandlers([
                ClosingHandler(), HTTP1ToHTTPServerCodec(secure: false), connection,
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
