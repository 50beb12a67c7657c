import ChargeStore
import HTTPFront
import Synchronization

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
