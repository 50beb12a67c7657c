import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// What HTTP/1.1 asks of a connection and the server beneath does not do: `Expect: 100-continue` gets its answer
/// (RFC 9110, 10.1.1); after an answer with `Connection: close` nothing is served any more (RFC 9112, 9.6); a body
/// has only so long to arrive; and what is no HTTP gets an answer of ours.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client may go on sending, unheard, after its last answer. Closed at once, the connection would
    /// be reset, and the answer lost on the way.
    private static let lingering = TimeAmount.seconds(2)

    private let maximumBodyBytes: Int
    private let bodyTimeout: TimeAmount
    private let refusal: MalformedRequest
    private var state = ConnectionState()
    /// What came in and whose turn has not come. Nothing more is read from the socket meanwhile.
    private var held = CircularBuffer<Arrival>()
    private var readIsWanted = false
    private var inputIsClosed = false
    private var lastCall: Scheduled<Void>?
    /// Runs while a body is on its way; one that came together with its header never needs it.
    private var bodyTimer: Scheduled<Void>?

    /// When the request came in that was passed on last.
    private(set) var arrival = ContinuousClock.now

    private enum Arrival {
        case part(HTTPRequestPart)
        case head(HTTPRequest, at: ContinuousClock.Instant)
        /// Something that is no HTTP.
        case failure(any Error)

        var isHead: Bool { if case .head = self { true } else { false } }
    }

    init(maximumBodyBytes: Int, bodyTimeout: TimeAmount, refusal: MalformedRequest) {
        self.maximumBodyBytes = maximumBodyBytes
        self.bodyTimeout = bodyTimeout
        self.refusal = refusal
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        lastCall?.cancel()
        bodyTimer?.cancel()
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        let arrival: Arrival =
            if case .head(let request) = part {
                .head(request, at: ArrivalTime.now(on: context.channel))
            } else {
                .part(part)
            }
        switch state.arrived(isHead: arrival.isHead, holdsOthers: !held.isEmpty) {
        case .pass: pass(arrival, context)
        case .hold: held.append(arrival)
        case .drop: break
        }
    }

    private func pass(_ arrival: Arrival, _ context: ChannelHandlerContext) {
        switch arrival {
        case .head(let request, let instant):
            self.arrival = instant
            state.passedHead(isLast: request.headerFields[.connection] == "close")
            if expectsContinue(request) {
                let answer = HTTPResponsePart.head(HTTPResponse(status: .continue))
                context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            }
            context.fireChannelRead(wrapInboundOut(.head(request)))
        case .part(let part):
            if case .end = part {
                state.passedEnd()
                bodyTimer?.cancel()
                bodyTimer = nil
            }
            context.fireChannelRead(wrapInboundOut(part))
        case .failure(let error): fail(error, context)
        }
    }

    /// Whether the client waits for a word before it sends its body. One that is too large is refused instead.
    private func expectsContinue(_ request: HTTPRequest) -> Bool {
        guard request.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
        return (request.headerFields[.contentLength].flatMap { Int($0) } ?? 0) <= maximumBodyBytes
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readComplete(context)
        if state.isClosing { context.read() }
    }

    private func readComplete(_ context: ChannelHandlerContext) {
        if state.isReading, bodyTimer == nil {
            bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: bodyTimeout) { [self] in
                if state.bodyIsLate() { context.fireErrorCaught(BodyTimeout()) }
            }
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { readIsWanted = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            inputIsClosed = true
            // What is under way, or held behind it, gets its answer first, and that goes out first.
            let isOwing = state.isAnswering || (state.isClosing && lastCall == nil)
            if !isOwing { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is wrong with the connection itself, rather than with what came over it.
        if error is IOError || error is ChannelError { return context.fireErrorCaught(error) }
        if held.isEmpty { fail(error, context) } else { held.append(.failure(error)) }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        switch state.malformed() {
        case .tellReader: context.fireErrorCaught(error)
        case .close:
            beginClosing()
            close(context)
        case .refuse: refuse(context)
        case .goOn: break
        }
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !state.isClosing else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var response):
            if state.answerBegan(closes: response.headerFields[.connection] == "close") {
                response.headerFields[.connection] = "close"
            }
            context.write(wrapOutboundOut(.head(response)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            let sequel = state.answerEnded()
            if sequel == .close || (sequel == .goOn && inputIsClosed && held.isEmpty) {
                return end(data, promise, context)
            }
            context.write(data, promise: promise)
            if sequel == .refuse { refuse(context) } else { passHeld(context) }
        }
    }

    /// Passes on the next request, as far as it is here, and what stands behind the last one.
    private func passHeld(_ context: ChannelHandlerContext) {
        guard !held.isEmpty else { return }
        while let next = held.first {
            if next.isHead, state.isAnswering { break }
            held.removeFirst()
            pass(next, context)
        }
        readComplete(context)
        guard readIsWanted, held.isEmpty else { return }
        readIsWanted = false
        context.read()
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let answer = refusal.answer()
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        end(wrapOutboundOut(.end(nil)), nil, context)
    }

    /// Writes the end of the last answer, and closes when it has gone out; the idle time-out bounds that.
    private func end(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        beginClosing()
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in close(context) }
        context.writeAndFlush(data, promise: sent)
    }

    private func beginClosing() {
        state.closed()
        held.removeAll()
    }

    /// Says that nothing follows, and waits for the client to see it.
    private func close(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard !inputIsClosed else { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        lastCall = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
            context.close(promise: nil)
        }
        context.read()
    }
}
