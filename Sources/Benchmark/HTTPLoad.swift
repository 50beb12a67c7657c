import NIOCore
import NIOPosix

/// Calls that go on until they are told to end, of which a stretch is measured: over HTTP/1.1 connections that stay
/// open, all on one event loop. The load shares the machine with what it measures, so it has to be cheap.
package final class HTTPLoad: Sendable {
    private let group: any EventLoopGroup
    private let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<LoadState>
    private let connections: Int

    package init(
        target: HTTPTarget, connections: Int, pace: LoadModel, workload: any Workload, on loop: LoadLoop
    ) {
        group = loop.group
        eventLoop = loop.group.next()
        self.connections = connections
        state = .makeBoxSendingValue(
            LoadState(
                target: target, connections: connections, pace: pace, workload: workload,
                eventLoop: eventLoop),
            eventLoop: eventLoop)
    }

    /// Opens the connections and begins.
    package func start() throws {
        try eventLoop.flatSubmit { [state] in state.value.start() }.wait()
    }

    /// From here on it is measured, until `endWindow`.
    package func beginWindow() {
        onLoop { $0.beginWindow() }
    }

    package func endWindow() {
        onLoop { $0.endWindow() }
    }

    /// Begins no more calls, waits for the answers of those under way, and says what became of them all.
    ///
    /// - Parameter patience: How long to wait; what has no answer by then is unknown.
    package func finish(patience: Duration) -> LoadResult {
        let finished = eventLoop.flatSubmit { [state] in state.value.finish(patience: patience) }
        return (try? finished.wait()) ?? LoadResult()
    }

    private func onLoop(_ body: @escaping @Sendable (LoadState) -> Void) {
        try? eventLoop.submit { [state] in body(state.value) }.wait()
    }
}

/// The one event loop of the loads.
package final class LoadLoop: Sendable {
    let group: MultiThreadedEventLoopGroup

    package init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    package func end() {
        try? group.syncShutdownGracefully()
    }
}

/// What a load found.
package struct LoadResult: Sendable {
    /// What was answered while it was measured.
    package var window = ResultCounts()
    /// What was answered in all.
    package var whole = ResultCounts()
    /// Of the calls that were answered while it was measured, or in open loop were due then: from when a call was due until
    /// it was answered OK; of those that never were, and of unsent ones, as long as they waited. Those whose connection
    /// was lost are not among them.
    package var latencies = Latencies()
    /// Calls that were due and that no connection was ever free for.
    package var unsentCalls = 0
    /// Whether the service had let go of every connection, and taken none anew, when the load was to end.
    package var isDisconnected = false

    package init() {}
}

/// One connection of a load, with at most one call under way.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let load: LoadState
    private var context: ChannelHandlerContext?
    private var reader = ResponseReader()
    private var request = ByteBuffer()
    /// Whether an answer is awaited.
    private(set) var isWaiting = false
    private(set) var shape = ExpectedResult(items: 0)
    /// When the call that is under way was to begin.
    var due = NIODeadline.now()
    private var closeReason = "connection closed"

    init(load: LoadState) {
        self.load = load
    }

    func send(_ workload: any Workload) {
        request.clear()
        shape = workload.write(to: &request)
        sendAgain()
    }

    /// Sends what was sent last.
    func sendAgain() {
        isWaiting = true
        context?.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func close() {
        context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        load.didOpen(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data))
        do throws(ResponseReader.Failure) {
            while isWaiting, let response = try reader.next() {
                isWaiting = false
                load.didAnswer(self, response)
            }
        } catch {
            closeReason = error.reason
            close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        load.didClose(self, closeReason)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
