import Synchronization
import Telemetry

/// A client's connection to a listener: what it waits for, and how to close it. Any thread may use it.
///
/// It is *silent* until its first call, *active* during a call, and *idle* otherwise.
final class ClientConnection: Sendable {
    enum Phase {
        case silent
        case idle
        case active
        case closed
    }

    /// The place of a connection among those that could be closed for another one: the least is closed first.
    struct ClosingOrder: Comparable {
        enum Kind: Int {
            case silent
            case idle
            /// The body of a request is arriving.
            case receiving
        }

        let kind: Kind
        /// The time from which the connection has waited for its client.
        let since: ContinuousClock.Instant

        static func < (one: ClosingOrder, other: ClosingOrder) -> Bool {
            (one.kind.rawValue, one.since) < (other.kind.rawValue, other.since)
        }
    }

    private struct State {
        var phase = Phase.silent
        var isReceiving = false
        var since: ContinuousClock.Instant
    }

    /// The address, or the network that counts as one address.
    let address: String
    private let levels: ConnectionLevels
    private let now: @Sendable () -> ContinuousClock.Instant
    private let closing: @Sendable () -> Void
    private let state: Mutex<State>

    /// - Parameter close: Closes the connection. It may be called more than once, and must not block.
    init(
        address: String, levels: ConnectionLevels,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        close: @escaping @Sendable () -> Void
    ) {
        self.address = address
        self.levels = levels
        self.now = now
        closing = close
        state = Mutex(State(since: now()))
        levels.moved(from: .closed, to: .silent)
    }

    func close() { closing() }

    /// The place in the order of closing; `nil` while the client waits for a response.
    var closingOrder: ClosingOrder? {
        state.withLock { state in
            let kind: ClosingOrder.Kind? =
                switch state.phase {
                case .closed: nil
                case _ where state.isReceiving: .receiving
                case .silent: .silent
                case .idle: .idle
                case .active: nil
                }
            return kind.map { ClosingOrder(kind: $0, since: state.since) }
        }
    }

    /// A call has begun.
    func began() { move(to: .active) }

    /// The call has ended.
    func ended() { move(to: .idle) }

    /// The connection is closed.
    func closed() { move(to: .closed) }

    /// A request has begun whose body has not arrived as a whole.
    func beganReceiving() { setReceiving(true) }

    func endedReceiving() { setReceiving(false) }

    private func setReceiving(_ isReceiving: Bool) {
        let now = now()
        state.withLock { state in
            state.isReceiving = isReceiving
            state.since = now
        }
    }

    /// Moves to a phase. A connection that is closed stays so.
    private func move(to phase: Phase) {
        let now = now()
        let last = state.withLock { state in
            let last = state.phase
            guard last != .closed else { return last }
            state.phase = phase
            state.since = now
            return last
        }
        if last != .closed { levels.moved(from: last, to: phase) }
    }
}

/// The gauges of one server's connections with clients.
struct ConnectionLevels: Sendable {
    private let silent: MetricLevel
    private let idle: MetricLevel
    private let active: MetricLevel

    /// - Parameter side: `operators` or `internal`.
    init(_ metrics: MetricsRecorder, side: String, limit: Int) {
        silent = metrics.level(.httpConnections, [side, "silent"])
        idle = metrics.level(.httpConnections, [side, "idle"])
        active = metrics.level(.httpConnections, [side, "active"])
        metrics.set(.httpConnectionsLimit, [side], to: Double(limit))
    }

    /// A connection goes from a phase to another one.
    func moved(from last: ClientConnection.Phase, to phase: ClientConnection.Phase) {
        level(last)?.add(-1)
        level(phase)?.add(1)
    }

    private func level(_ phase: ClientConnection.Phase) -> MetricLevel? {
        switch phase {
        case .silent: silent
        case .idle: idle
        case .active: active
        case .closed: nil
        }
    }
}
