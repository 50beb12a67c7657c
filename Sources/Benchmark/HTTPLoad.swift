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
        target: HTTPTarget, connections: Int, pace: Pace, workload: any Workload, on loop: LoadLoop
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
