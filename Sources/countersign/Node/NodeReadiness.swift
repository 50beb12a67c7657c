import ChargeStore
import Foundation
import HTTPFront
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry
import UnixSignals

/// Whether a node can take calls: it is not stopping, its database has answered within ten seconds, and the schema
/// admits its build.
final class NodeReadiness: Readiness {
    private let store: Store
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var answeredAt: ContinuousClock.Instant?
    }

    init(store: Store) {
        self.store = store
    }

    /// Says that the node takes no more calls.
    func stop() {
        state.withLock { $0.isStopping = true }
    }

    func isReady() async -> Bool {
        guard !state.withLock({ $0.isStopping }) else { return false }
        let database = await store.readiness(deadline: .now + .seconds(1))
        return state.withLock { state in
            switch database {
            case .ready: state.answeredAt = .now
            case .beyondThisBuild: state.answeredAt = nil
            case .silent: break
            }
            return state.answeredAt.map { ContinuousClock.now - $0 < .seconds(10) } ?? false
        }
    }
}

/// The first to stop: it turns `/readyz` to 503, and while it lasts everything else goes on, so that a balancer
/// can leave before calls are refused.
struct Drain: Service {
    let readiness: NodeReadiness
    let milliseconds: Int
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
        logger.info("stopping", metadata: ["drain_milliseconds": "\(milliseconds)"])
        try? await Task.sleep(for: .milliseconds(milliseconds))
    }
}

extension ServiceGroup {
    /// Runs until the first of the signals, and then until its services have stopped, the last one first. A second
    /// signal hurries: what is still under way is cut off.
    func run(until signals: UnixSignalsSequence) async throws {
        let running = Task { try await run() }
        let listening = Task {
            var isStopping = false
            for await _ in signals {
                if isStopping { return running.cancel() }
                isStopping = true
                await triggerGracefulShutdown()
            }
        }
        defer { listening.cancel() }
        do {
            try await running.value
        } catch {
            // Being hurried, or at the bound, is an end like another.
            guard !(error is CancellationError), !running.isCancelled else { return }
            throw error
        }
    }
}

/// What a node is called in the log, in its metrics and in `pg_stat_activity`.
enum NodeName {
    /// The name that was given, or the machine's and the port; where the system chooses the port, the process's
    /// id stands in its place.
    static func of(_ settings: Settings) -> String {
        let given = settings.text(.nodeName)
        guard given.isEmpty else { return given }
        let port = settings.number(.port)
        return "\(ProcessInfo.processInfo.hostName):\(port == 0 ? Int(getpid()) : port)"
    }
}

/// Says on the page of metrics whose page it is.
struct NodeGauge: GaugeSource {
    let name: String

    func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        [Gauge(.node, [name, String(Build.number)], value: 1)]
    }
}
