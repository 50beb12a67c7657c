import Dispatch
import Synchronization

/// A timer for any number of deadlines, most of which are forgotten before they pass. One timer of the system serves
/// them all. It is set to the earliest deadline alone: where deadlines come in their order, it fires once in the time
/// that a deadline lies ahead, and not once for each.
///
/// Any thread may use it.
package final class DeadlineTimer: Sendable {
    /// The name of one watched deadline.
    package struct Ticket: Sendable {
        fileprivate let number: UInt64
        package let deadline: ContinuousClock.Instant
    }

    private struct State {
        var waiting: [UInt64: (deadline: ContinuousClock.Instant, passed: @Sendable () -> Void)] = [:]
        var lastNumber: UInt64 = 0
        /// The time at which the system's timer fires, if it is set.
        var firesAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    // A dispatch source may be used on any thread. It is set under the lock, so that the last setting is the right one.
    private nonisolated(unsafe) let source = DispatchSource.makeTimerSource(queue: .global())

    package init() {
        source.setEventHandler { [weak self] in self?.fired() }
        source.activate()
    }

    deinit { source.cancel() }

    /// The number of watched deadlines.
    package var count: Int { state.withLock { $0.waiting.count } }

    /// Watches a deadline.
    ///
    /// - Parameter passed: Called once after the deadline, on a thread of the system, unless the ticket was forgotten
    ///   before. It must not block.
    @discardableResult
    package func watch(_ deadline: ContinuousClock.Instant, _ passed: @escaping @Sendable () -> Void)
        -> Ticket
    {
        state.withLock { state in
            state.lastNumber += 1
            state.waiting[state.lastNumber] = (deadline, passed)
            if state.firesAt.map({ deadline < $0 }) ?? true { fire(at: deadline, &state) }
            return Ticket(number: state.lastNumber, deadline: deadline)
        }
    }

    /// Stops watching a deadline.
    package func forget(_ ticket: Ticket) {
        state.withLock { _ = $0.waiting.removeValue(forKey: ticket.number) }
    }

    private func fired() {
        let passed = state.withLock { state in
            let now = ContinuousClock.now
            let passed = state.waiting.filter { $0.value.deadline <= now }
            for number in passed.keys { state.waiting[number] = nil }
            state.firesAt = nil
            if let next = state.waiting.values.lazy.map(\.deadline).min() { fire(at: next, &state) }
            return passed
        }
        for waiting in passed.values { waiting.passed() }
    }

    /// Sets the system's timer.
    private func fire(at instant: ContinuousClock.Instant, _ state: inout State) {
        state.firesAt = instant
        let left = (instant - .now).components
        // A deadline may lie so far ahead that its nanoseconds cannot be counted: then the timer is set again.
        let nanoseconds = min(left.seconds, 1_000_000) * 1_000_000_000 + left.attoseconds / 1_000_000_000
        source.schedule(
            deadline: .now() + .nanoseconds(Int(max(0, nanoseconds + 1))), leeway: .milliseconds(1))
    }
}
