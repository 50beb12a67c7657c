import Charges
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Telemetry

/// A connection of HTTP/1: its handlers, and the task that answers its requests, one after the other.
///
/// Reads and writes stay on the connection's event loop, and so does the task, but for calls that are not brief. A
/// request goes to the task once, with its body, since passing on its parts one by one costs more than processing them.
struct HTTPConnectionChannel: ServerChildChannel {
    let configuration: HTTPConfiguration
    let responder: RequestHandler
    let refusal: RefusedInput
    let connections: ConnectionShares
    let uploads: TransferLimits

    /// `ConnectionHandler` says how the body of a response is framed.
    private static let encoding: HTTPResponseEncoder.Configuration = {
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        return encoding
    }()

    /// A connection with its requests.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        fileprivate let client: ClientConnection
        fileprivate let requests: RequestQueue
        fileprivate let handler: NIOLoopBound<RequestAssembler>
    }

    /// Sets a connection up. One that is refused fails here, before anything of it is read.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let address = Peer.channel(channel).address
        guard let client = connections.open(from: address, close: { channel.close(promise: nil) }) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(ChannelError.alreadyClosed)
        }
        channel.closeFuture.whenComplete { [connections] _ in connections.closed(client) }
        return channel.eventLoop.makeCompletedFuture {
            let connection = ConnectionHandler(
                limits: ConnectionHandler.Limits(
                    headerTimeout: .milliseconds(Int64(configuration.headerTimeoutMilliseconds)),
                    bodyTimeout: .milliseconds(Int64(configuration.bodyTimeoutMilliseconds)),
                    maximumBodyBytes: configuration.maximumBodyBytes, uploads: uploads,
                    isUpload: { [routes = responder.routes] in routes.isUpload($0) }),
                refusal: refusal, client: client)
            let requests = RequestQueue()
            let handler = RequestAssembler(
                connection: connection, maximumBodyBytes: configuration.maximumBodyBytes,
                requests: requests)
            try channel.pipeline.syncOperations.addHandlers([
                HTTPResponseEncoder(configuration: Self.encoding), connection,
                HTTPConnectionStateHandler(
                    idleTimeout: .milliseconds(Int64(configuration.idleTimeoutMilliseconds)),
                    logger: logger),
                handler,
            ])
            return Value(
                channel: channel, client: client, requests: requests,
                handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
    }

    /// Answers the requests of a connection, and returns when it has ended and its last request is answered. Cancelling
    /// the task closes the connection.
    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
                while let request = await value.requests.next() {
                    value.client.began()
                    let answer = await responder.respond(to: request, peer: .channel(value.channel))
                    if case .stream(let stream) = answer.body {
                        await StreamSender(channel: value.channel, assembler: value.handler)
                            .send(answer.head, stream)
                        value.client.ended()
                    } else {
                        value.client.ended()
                        if value.channel.eventLoop.inEventLoop {
                            value.handler.value.write(answer)
                        } else {
                            value.channel.eventLoop.execute { value.handler.value.write(answer) }
                        }
                    }
                }
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}

/// The response to input with a fault, with its log entry.
struct RefusedInput: Sendable {
    let logger: Logger
    let metrics: MetricsRecorder

    func answer(_ fault: RequestFault) -> HTTPResponseMessage {
        let requestIdentifier = RequestIdentifier.new
        var response = Response(fault.failure)
        response.headers[.connection] = "close"
        response.headers[.allow] = fault.allowed
        logger.info(
            "call",
            metadata: [
                "request_id": "\(requestIdentifier)", "call": "none", "http_status": "\(fault.status.code)",
                "code": "\(response.code)",
            ])
        metrics.count(.calls, ["none", response.code, String(fault.status.code)])
        return response.message(fault.status, requestIdentifier: requestIdentifier)
    }
}
