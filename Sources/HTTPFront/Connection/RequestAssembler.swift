import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The last handler of a connection: assembles requests, passes them on to the connection's task, and writes their
/// responses. `ConnectionHandler` before it lets one request through at a time.
final class RequestAssembler: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let connection: ConnectionHandler
    private let maximumBodyBytes: Int
    private let requests: RequestQueue
    private var context: ChannelHandlerContext?
    /// The header of a request that is not passed on yet, with the part of its body that has arrived.
    private var head: HTTPRequest?
    private var body = ByteBuffer()
    /// The stream for the body of a request that was passed on before the body's end.
    private var pieces: BodyPieces.Source?
    private var passedBytes = 0
    /// A request that waits until the client has read enough of the earlier responses. Otherwise the unread responses
    /// would have no bound.
    private var waiting: IncomingRequest?

    init(connection: ConnectionHandler, maximumBodyBytes: Int, requests: RequestQueue) {
        self.connection = connection
        self.maximumBodyBytes = maximumBodyBytes
        self.requests = requests
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection.readerIsBehind = false
        endPieces(throwing: ChannelError.eof)
        requests.end()
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request): head = request
        case .body(var piece):
            if head == nil {
                pass(piece)
            } else if body.readableBytes == 0 {
                // Most bodies consist of one piece, which is not copied.
                body = piece
            } else {
                body.writeBuffer(&piece)
            }
        case .end:
            if head == nil { endPieces() } else { pass(.whole(body)) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // A response may need no more than the header.
        if head != nil { beginPieces() }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if head != nil { beginPieces() }
        if pieces != nil {
            endPieces(throwing: error)
        } else if error is IOError || error is ChannelError {
            context.close(promise: nil)
        }
    }

    private func beginPieces() {
        guard let context else { return }
        let demand = BodyDemand(assembler: NIOLoopBound(self, eventLoop: context.eventLoop))
        let stream = BodyPieces.makeSequence(
            elementType: ByteBuffer.self, failureType: (any Error).self,
            backPressureStrategy: .init(
                lowWatermark: Self.fewestPieces, highWatermark: Self.mostPieces),
            finishOnDeinit: false, delegate: demand)
        pieces = stream.source
        passedBytes = 0
        let begun = body
        pass(.stream(stream.sequence))
        pass(begun)
    }

    /// The number of waiting pieces from which on nothing more is read, and that at which reading goes on. A piece has
    /// 64 KiB at most.
    private static let mostPieces = 8
    private static let fewestPieces = 4

    /// The reader has taken most of the pieces. Called on the event loop.
    fileprivate func readerCaughtUp() {
        guard let context, connection.readerIsBehind else { return }
        connection.readerIsBehind = false
        context.read()
    }

    private func pass(_ body: IncomingBody) {
        guard let head else { return }
        self.head = nil
        self.body = ByteBuffer()
        waiting = IncomingRequest(head: head, body: body, arrived: connection.arrival)
        if context?.channel.isWritable ?? false { passWaiting() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { passWaiting() }
        context.fireChannelWritabilityChanged()
    }

    private func passWaiting() {
        guard let request = waiting else { return }
        waiting = nil
        requests.add(request)
    }

    /// Passes on a piece. Nothing is kept beyond the maximum size of a body, since its reader has refused it by then.
    private func pass(_ piece: ByteBuffer) {
        guard piece.readableBytes > 0, let pieces else { return }
        guard passedBytes <= maximumBodyBytes || connection.isUpload else { return }
        passedBytes += piece.readableBytes
        if case .stopProducing = pieces.yield(piece) { connection.readerIsBehind = true }
    }

    private func endPieces(throwing error: (any Error)? = nil) {
        if let error { pieces?.finish(error) } else { pieces?.finish() }
        pieces = nil
        connection.readerIsBehind = false
    }

    // MARK: Out

    /// Writes the whole response to the request that was passed on last.
    func write(_ answer: HTTPResponseMessage) {
        guard let context else { return }
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        if case .whole(let body) = answer.body, body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(body)), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Writes a part of the response to the request that was passed on last.
    ///
    /// - Parameter promise: Completed when the kernel has the part, or cannot have it.
    func write(_ part: HTTPResponsePart, promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.alreadyClosed) }
        context.writeAndFlush(wrapOutboundOut(part), promise: promise)
    }
}

/// The pieces of a body, which are passed on as their reader asks for them.
private typealias BodyPieces = NIOThrowingAsyncSequenceProducer<
    ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, BodyDemand
>

/// The demand of a body's reader. It lets the connection read on.
private final class BodyDemand: NIOAsyncSequenceProducerDelegate, Sendable {
    private let assembler: NIOLoopBound<RequestAssembler>

    init(assembler: NIOLoopBound<RequestAssembler>) {
        self.assembler = assembler
    }

    func produceMore() {
        assembler.eventLoop.execute { [assembler] in assembler.value.readerCaughtUp() }
    }

    /// A reader that stops early sends a response that closes the connection, which then reads what comes and drops it.
    func didTerminate() {}
}
