import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The rules of HTTP/1.1 for a connection that NIO's handlers do not implement: the response to `Expect: 100-continue`
/// (RFC 9110, 10.1.1); the end of the connection after a response with `Connection: close` (RFC 9112, 9.6); the time
/// limit for a body; and the response to malformed HTTP.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The time for which input is read and ignored after the last response. If the connection were closed at once, it
    /// would be reset, and the response could be lost.
    private static let lingering = TimeAmount.seconds(2)

    private let maximumBodyBytes: Int
    private let bodyTimeout: TimeAmount
    private let refusal: MalformedRequest
    private var state = ConnectionState()
    /// The input that waits for its turn. Nothing is read from the socket meanwhile.
    private var held = CircularBuffer<Arrival>()
    private var readIsWanted = false
    private var inputIsClosed = false
    private var lastCall: Scheduled<Void>?
    /// The timer of a body that is still arriving. A body that came together with its header needs none.
    private var bodyTimer: Scheduled<Void>?

    /// The arrival time of the last request that was passed on.
    private(set) var arrival = ContinuousClock.now

    private enum Arrival {
        case part(HTTPRequestPart)
        case head(HTTPRequest, at: ContinuousClock.Instant)
        /// Input that is not HTTP.
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

    /// Whether the client waits for `100 Continue` before it sends its body. A body that is too large is refused.
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
            // Current and held requests are answered first.
            let isOwing = state.isAnswering || (state.isClosing && lastCall == nil)
            if !isOwing { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Errors of the connection itself, in contrast to those of its input.
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

    /// Passes on the next request, as far as it has arrived, or the input after the last one.
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

    /// Writes the end of the last response, and closes once it is sent. The idle timeout bounds the wait.
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

    /// Closes the output, and waits for the client to close its side.
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
