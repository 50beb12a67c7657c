import ChargeStore
import HTTPFront
import Synchronization

/// Whether a node can take calls: it is not stopping, and its database has answered within ten seconds.
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
        if await store.answers(deadline: .now + .seconds(1)) {
            state.withLock { $0.answeredAt = .now }
            return true
        }
        let answeredAt = state.withLock { $0.answeredAt }
        return answeredAt.map { ContinuousClock.now - $0 < .seconds(10) } ?? false
    }
}
