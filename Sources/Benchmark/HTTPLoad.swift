import NIOCore
import NIOPosix

/// A load of calls over persistent HTTP/1.1 connections. It runs until `finish`, and a window of it is measured.
///
/// All connections share one event loop. The load runs on the machine that it measures, so it must be cheap.
package final class HTTPLoad: Sendable {
    private let group: any EventLoopGroup
    private let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<LoadState>
    private let connections: Int

    package init(
        target: HTTPTarget, connections: Int, model: LoadModel, workload: any Workload, on loop: LoadLoop
    ) {
        group = loop.group
        eventLoop = loop.group.next()
        self.connections = connections
        state = .makeBoxSendingValue(
            LoadState(
                target: target, connections: connections, model: model, workload: workload,
                eventLoop: eventLoop),
            eventLoop: eventLoop)
    }

    /// Opens the connections and starts the calls.
    package func start() throws {
        try eventLoop.flatSubmit { [state] in state.value.start() }.wait()
    }

    /// Starts the measured window, which lasts until `endWindow`.
    package func beginWindow() {
        onLoop { $0.beginWindow() }
    }

    package func endWindow() {
        onLoop { $0.endWindow() }
    }

    /// The latencies of the measured window since the last time that they were taken.
    package func takePart() -> Latencies {
        (try? eventLoop.submit { [state] in state.value.takePart() }.wait()) ?? Latencies()
    }

    /// Stops the calls, waits for the responses of the calls in progress, and returns the results of all calls.
    ///
    /// - Parameter patience: The time to wait. A call without a response by then is unknown.
    package func finish(patience: Duration) -> LoadResult {
        let finished = eventLoop.flatSubmit { [state] in state.value.finish(patience: patience) }
        return (try? finished.wait()) ?? LoadResult()
    }

    private func onLoop(_ body: @escaping @Sendable (LoadState) -> Void) {
        try? eventLoop.submit { [state] in body(state.value) }.wait()
    }
}

/// The event loop that all loads share.
package final class LoadLoop: Sendable {
    let group: MultiThreadedEventLoopGroup

    package init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    package func end() {
        try? group.syncShutdownGracefully()
    }
}

/// The result of a load.
package struct LoadResult: Sendable {
    /// The results that came within the measured window.
    package var window = ResultCounts()
    /// The results of the whole load.
    package var whole = ResultCounts()
    /// The latencies of the calls that were answered within the measured window, or in open loop were due within it.
    ///
    /// A latency lasts from the time when a call was due until it was answered OK. For calls without a response and for
    /// unsent calls it is the time that they waited. Calls whose connection was lost are not included.
    package var latencies = Latencies()
    /// The slow ones of these calls.
    package var slowCalls: [SlowCall] = []
    /// The number of calls that were due but never sent, because no connection was free.
    package var unsentCalls = 0
    /// Whether the load had no open connection at its end.
    package var isDisconnected = false

    package init() {}
}

/// A connection of a load, with at most one call in progress.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let load: LoadState
    private var context: ChannelHandlerContext?
    private var reader = ResponseReader()
    private var request = ByteBuffer()
    /// Whether the connection waits for a response.
    private(set) var isWaiting = false
    private(set) var expected = ExpectedResult(items: 0)
    /// The time at which the current call was due.
    var due = NIODeadline.now()
    private var closeReason = "connection closed"

    init(load: LoadState) {
        self.load = load
    }

    func send(_ workload: any Workload) {
        request.clear()
        expected = workload.write(to: &request)
        sendAgain()
    }

    /// Sends the last request again.
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
