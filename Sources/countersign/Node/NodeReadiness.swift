import Authentication
import ChargeStore
import Foundation
import HTTPFront
import Logging
import ServiceLifecycle
import Synchronization
import Telemetry
import UnixSignals

/// The readiness of a node. A node is ready if it is not stopping, its database has answered within the last ten
/// seconds, it knows the database's time, and the schema admits its build.
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

    /// Marks the node as stopping, so that it is not ready any more.
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
            guard store.clock.now != nil else { return false }
            return state.answeredAt.map { ContinuousClock.now - $0 < .seconds(10) } ?? false
        }
    }

    var warning: String? { store.clock.warning }
}

/// The drain: the service that stops first. It makes `/readyz` return 503 while everything else keeps running, so that
/// a load balancer can leave before calls are refused.
struct Drain: Service {
    let readiness: NodeReadiness
    let milliseconds: Int
    let transfers: TransferTurns
    /// The time that transfers have after the drain. Then they are cut.
    let transferTime: Duration
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stop()
        logger.info("stopping", metadata: ["drain_milliseconds": "\(milliseconds)"])
        try? await Task.sleep(for: .milliseconds(milliseconds))
        transfers.cut(after: transferTime)
    }
}

extension ServiceGroup {
    /// Runs until the first signal and then stops the services, the last one first. A second signal cancels the work
    /// that is still in progress.
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
            // A second signal or the end of the shutdown time is a normal end.
            guard !(error is CancellationError), !running.isCancelled else { return }
            throw error
        }
    }
}

/// The name of a node in the log, in its metrics and in `pg_stat_activity`.
enum NodeName {
    /// The configured name, or else the host name and the port. If the system chooses the port, the process id takes
    /// its place.
    static func of(_ settings: Settings) -> String {
        let given = settings.nodeName
        guard given.isEmpty else { return given }
        let port = settings.port
        return "\(ProcessInfo.processInfo.hostName):\(port == 0 ? Int(getpid()) : port)"
    }
}

/// The gauges of the node itself: its name, and the logins and transfers that wait.
struct NodeGauges: GaugeSource {
    let name: String
    let login: LoginService
    let transfers: TransferTurns

    func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        [
            Gauge(.nodeInfo, [name, String(Build.number)], value: 1),
            Gauge(.queuedCalls, ["passwords"], value: Double(login.waitingCount)),
            Gauge(.queuedCalls, ["transfers"], value: Double(transfers.waitingCount)),
        ]
    }
}
