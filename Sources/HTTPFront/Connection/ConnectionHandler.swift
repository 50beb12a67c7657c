import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The handler of HTTP/1.1 on a connection: it parses requests and passes on one at a time; it refuses input with a
/// fault; it enforces the time limits of a header and of a body; it sends `100 Continue` (RFC 9110, 10.1.1); and it ends
/// the connection after the last response (RFC 9112, 9.6). docs/architecture.md says why NIO's handlers do not do.
///
/// Bytes that arrive behind the current request wait unparsed, and once there are some nothing more is read, so that
/// the memory of a connection is bounded.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The time for which input is read and ignored after the last response. If the connection were closed at once, it
    /// would be reset, and the response could be lost.
    private static let lingering = TimeAmount.seconds(2)
    /// The most bytes that wait behind the current request. One turn of the event loop reads 256 KiB at most; when a
    /// client closes its side, NIO reads all that the kernel has.
    static let maximumWaitingBytes = 512 * 1024

    private let limits: Limits
    private let refusal: RefusedInput
    /// The connection among those of its listener.
    private let client: ClientConnection?
    private var state = ConnectionState()
    private var parser = RequestParser()
    /// The bytes that have arrived and have not been passed on.
    private(set) var received = ByteBuffer()
    private var readIsWanted = false
    /// Whether the next input may have waited in the kernel: until the connection was accepted, or because nothing was
    /// read.
    private var mayHaveWaited = true
    private var inputIsClosed = false
    /// Whether the current request is of HTTP/1.0, and whether it is a HEAD.
    private var isAnsweringHTTP10 = false
    private var isAnsweringHead = false
    /// Whether the body of the current request is an upload.
    private(set) var isUpload = false
    /// The bytes of the current body that have arrived.
    private var bodyBytes = 0
    /// Whether more pieces of the body wait for their reader than are kept. Nothing is read then.
    var readerIsBehind = false { didSet { if readerIsBehind { readerWasBehind = true } } }
    /// Whether the reader was behind at a moment of the current window of an upload.
    private var readerWasBehind = false
    private var lastCall: Scheduled<Void>?
    private var headerTimer: Scheduled<Void>?
    /// The timer of a body that is still arriving. A body that came together with its header needs none.
    private var bodyTimer: Scheduled<Void>?
    /// The arrival time of the first of the received bytes.
    private var receivedAt = ContinuousClock.now

    /// The arrival time of the last request that was passed on.
    private(set) var arrival = ContinuousClock.now

    /// The limits of a request.
    struct Limits {
        let headerTimeout: TimeAmount
        let bodyTimeout: TimeAmount
        let maximumBodyBytes: Int
        /// The limits of an upload, in the place of the time and the size of other bodies.
        var uploads = TransferLimits()
        /// Whether the body of a request is an upload.
        var isUpload: (HTTPRequest) -> Bool = { _ in false }
    }

    init(limits: Limits, refusal: RefusedInput, client: ClientConnection? = nil) {
        self.limits = limits
        self.refusal = refusal
        self.client = client
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for timer in [lastCall, headerTimer, bodyTimer] { timer?.cancel() }
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !state.dropsInput else { return }
        let othersWait = received.readableBytes > 0 && !state.takesInput
        guard !othersWait || received.readableBytes + bytes.readableBytes <= Self.maximumWaitingBytes else {
            state.overflowed()
            received = ByteBuffer()
            return
        }
        if !othersWait {
            receivedAt = ArrivalTime.now(on: context.channel, mayHaveWaited: mayHaveWaited)
            mayHaveWaited = false
        }
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        parse(context)
    }

    /// Passes on what has arrived, to the end of the current request at most.
    private func parse(_ context: ChannelHandlerContext) {
        while state.takesInput {
            do throws(RequestFault) {
                guard let part = try parser.next(&received) else { break }
                pass(part, context)
            } catch {
                fail(error, context)
            }
        }
        if received.readableBytes == 0 { received = ByteBuffer() }
    }

    private func pass(_ part: RequestParser.Part, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            headerTimer?.cancel()
            headerTimer = nil
            arrival = receivedAt
            state.passedHead(isLast: head.isLast)
            isAnsweringHTTP10 = parser.requestLine?.isHTTP10 ?? false
            isAnsweringHead = head.request.method == .head
            isUpload = limits.isUpload(head.request)
            bodyBytes = 0
            if head.expectsContinue, received.readableBytes == 0, isWelcome(head.framing) {
                let answer = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
            }
            context.fireChannelRead(wrapInboundOut(.head(head.request)))
        case .body(let piece):
            bodyBytes += piece.readableBytes
            context.fireChannelRead(wrapInboundOut(.body(piece)))
        case .end:
            state.passedEnd()
            if let bodyTimer {
                bodyTimer.cancel()
                client?.endedReceiving()
            }
            bodyTimer = nil
            context.fireChannelRead(wrapInboundOut(.end(nil)))
        }
    }

    /// Whether a body is read. One that is too large is refused, whether the client waits or not.
    private func isWelcome(_ framing: RequestHead.Framing) -> Bool {
        guard case .length(let length) = framing else { return true }
        return length <= (isUpload ? limits.uploads.maximumBytes : limits.maximumBodyBytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        readComplete(context)
        if state.isClosing { context.read() }
    }

    private func readComplete(_ context: ChannelHandlerContext) {
        if state.isReading, bodyTimer == nil {
            client?.beganReceiving()
            if isUpload {
                watchUpload(context)
            } else {
                bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.bodyTimeout) {
                    [self] in
                    bodyIsLate(context)
                }
            }
        }
        if headerHasBegun, headerTimer == nil {
            headerTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.headerTimeout) {
                [self] in
                if state.awaitsHead { refuse(.headerTimeout, context) }
            }
        }
        context.fireChannelReadComplete()
    }

    /// Watches that enough of an upload arrives in each window in which its reader keeps up.
    private func watchUpload(_ context: ChannelHandlerContext) {
        let before = bodyBytes
        readerWasBehind = readerIsBehind
        bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.uploads.pieceTime))
        {
            [self] in
            let isSlow = bodyBytes - before < limits.uploads.pieceBytes && !readerWasBehind
            if isSlow || arrival + limits.uploads.time < .now {
                bodyIsLate(context)
            } else {
                watchUpload(context)
            }
        }
    }

    private func bodyIsLate(_ context: ChannelHandlerContext) {
        if state.bodyIsLate() { context.fireErrorCaught(BodyTimeout()) }
    }

    /// Whether a part of the next header has arrived.
    private var headerHasBegun: Bool {
        state.awaitsHead && (parser.isInHeader || received.readableBytes > 0)
    }

    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else {
            readIsWanted = true
            mayHaveWaited = true
        }
    }

    /// Whether more input can be kept.
    private var mayRead: Bool {
        state.isClosing || (!readerIsBehind && (state.takesInput || received.readableBytes == 0))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            inputIsClosed = true
            if state.isClosing {
                // The last response is sent first.
                if lastCall != nil { context.close(promise: nil) }
            } else if state.isReading {
                fail(.cutOff, context)
            } else if state.awaitsHead {
                endInput(context)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Ends a connection whose client sends nothing more, after the last response.
    private func endInput(_ context: ChannelHandlerContext) {
        if headerHasBegun { refuse(.cutOff, context) } else { context.close(promise: nil) }
    }

    private func fail(_ fault: RequestFault, _ context: ChannelHandlerContext) {
        switch state.faulted() {
        case .tellReader:
            received = ByteBuffer()
            context.fireErrorCaught(fault)
        case .refuse: refuse(fault, context)
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
            // Reading a field costs more than looking whether it is there.
            let closes =
                response.headerFields.contains(.connection) && response.headerFields[.connection] == "close"
            if state.answerBegan(closes: closes) {
                response.headerFields[.connection] = "close"
            }
            if isChunked(response) { response.headerFields[.transferEncoding] = "chunked" }
            context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: promise)
        case .body(let body):
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: promise)
        case .end:
            let isLast = state.answerEnded() || (inputIsClosed && received.readableBytes == 0)
            if isLast { return end(promise, context) }
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
            passNext(context)
        }
    }

    /// Passes on the next request, as far as it has arrived.
    private func passNext(_ context: ChannelHandlerContext) {
        if received.readableBytes > 0 {
            parse(context)
            readComplete(context)
        }
        if inputIsClosed, state.isReading {
            fail(.cutOff, context)
        } else if inputIsClosed, state.awaitsHead {
            endInput(context)
        } else if readIsWanted, mayRead {
            readIsWanted = false
            context.read()
        }
    }

    /// Whether a body of unknown length follows, in chunks. For a client of HTTP/1.0 it ends with the connection (RFC
    /// 9112, 6.3); a response to HEAD and a 304 have none.
    private func isChunked(_ response: HTTPResponse) -> Bool {
        !response.headerFields.contains(.contentLength) && response.status != .notModified
            && !isAnsweringHTTP10 && !isAnsweringHead
    }

    private func refuse(_ fault: RequestFault, _ context: ChannelHandlerContext) {
        let answer = refusal.answer(fault)
        context.write(wrapOutboundOut(.head(HTTPResponseHead(answer.head))), promise: nil)
        if parser.requestLine?.method != .head, case .whole(let body) = answer.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        end(nil, context)
    }

    /// Writes the end of the last response, and closes once it is sent. The idle timeout bounds the wait.
    private func end(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        state.closed()
        received = ByteBuffer()
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in close(context) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
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
