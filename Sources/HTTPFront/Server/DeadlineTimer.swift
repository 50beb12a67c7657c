import Synchronization

/// A timer for the deadlines of all calls. One sleeping task serves them all: calls have about the same time limit, so
/// the earliest deadline is that of the oldest call, and the task wakes once in that time instead of once a call.
final class DeadlineTimer: Sendable {
    /// The name of one watched deadline.
    struct Ticket: Sendable {
        fileprivate let number: UInt64
    }

    private struct State {
        var waiting: [UInt64: (deadline: ContinuousClock.Instant, passed: @Sendable () -> Void)] = [:]
        var lastNumber: UInt64 = 0
        /// The time when the sleeping task wakes, if there is one.
        var wakesAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// The number of watched deadlines.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Watches a deadline.
    ///
    /// - Parameter passed: Called after the deadline, unless the ticket was forgotten before. It must not block.
    func watch(_ deadline: ContinuousClock.Instant, _ passed: @escaping @Sendable () -> Void) -> Ticket {
        let (ticket, mustSleep) = state.withLock { state in
            state.lastNumber += 1
            state.waiting[state.lastNumber] = (deadline, passed)
            let mustSleep = state.wakesAt.map { deadline < $0 } ?? true
            if mustSleep { state.wakesAt = deadline }
            return (Ticket(number: state.lastNumber), mustSleep)
        }
        if mustSleep { sleep(until: deadline) }
        return ticket
    }

    /// Stops watching a deadline.
    func forget(_ ticket: Ticket) {
        state.withLock { _ = $0.waiting.removeValue(forKey: ticket.number) }
    }

    private func sleep(until instant: ContinuousClock.Instant) {
        Task {
            try? await Task.sleep(until: instant, clock: .continuous)
            wake(from: instant)
        }
    }

    private func wake(from instant: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        let (passed, next) = state.withLock { state in
            let passed = state.waiting.filter { $0.value.deadline <= now }
            for number in passed.keys { state.waiting[number] = nil }
            // Another task sleeps until an earlier time; it handles the rest.
            guard state.wakesAt == instant else { return (passed, nil as ContinuousClock.Instant?) }
            state.wakesAt = state.waiting.values.lazy.map(\.deadline).min()
            return (passed, state.wakesAt)
        }
        for waiting in passed.values { waiting.passed() }
        if let next { sleep(until: next) }
    }
}
