import Dispatch
import Synchronization

/// A timer that calls back at the earliest time that was asked for, on a thread of its own.
final class DeadlineTimer: Sendable {
    private let thread: PoolThread
    private let changed = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    private struct State {
        var due: ContinuousClock.Instant?
        var isEnding = false
    }

    /// - Parameter callback: Handles what is due, and returns the time of the next callback.
    init(name: String, callback: @escaping @Sendable () -> ContinuousClock.Instant?) {
        thread = PoolThread(name: name)
        thread.perform { self.run(callback) }
        thread.end()
    }

    private func run(_ callback: () -> ContinuousClock.Instant?) {
        while true {
            let (due, isEnding) = state.withLock { ($0.due, $0.isEnding) }
            if isEnding { return }
            guard let due, due <= .now else {
                _ = changed.wait(timeout: due.map(Self.dispatchTime) ?? .distantFuture)
                continue
            }
            // A time that is asked for while the callback runs may be sooner than the one that it returns.
            state.withLock { $0.due = nil }
            let next = callback()
            state.withLock { $0.due = [next, $0.due].compactMap(\.self).min() }
        }
    }

    /// Schedules the callback for a time, if that is sooner than the scheduled one.
    func wake(at instant: ContinuousClock.Instant?) {
        guard let instant else { return }
        let isSooner = state.withLock { state in
            guard state.due.map({ instant < $0 }) ?? true else { return false }
            state.due = instant
            return true
        }
        if isSooner { changed.signal() }
    }

    func end() {
        state.withLock { $0.isEnding = true }
        changed.signal()
    }

    private static func dispatchTime(_ instant: ContinuousClock.Instant) -> DispatchTime {
        let left = (instant - .now).components
        return .now() + .nanoseconds(Int(left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000) + 1)
    }
}
