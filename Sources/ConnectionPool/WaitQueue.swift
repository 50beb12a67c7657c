import DequeModule

/// A lease that waits.
struct Waiter: Equatable, Sendable {
    let identifier: UInt64
    let share: Int64
    let deadline: ContinuousClock.Instant
}

/// The leases that wait: first in, first out within a share, and the shares in turn, so that one share's flood
/// does not keep the others waiting.
struct WaitQueue: Sendable {
    private var queues: [Int64: Deque<Waiter>] = [:]
    /// The shares that have leases waiting, the next to be served first.
    private var turns: Deque<Int64> = []
    private(set) var count = 0
    /// A lower bound of the waiters' deadlines.
    private(set) var earliestDeadline: ContinuousClock.Instant?

    func count(share: Int64) -> Int {
        queues[share]?.count ?? 0
    }

    mutating func append(_ waiter: Waiter) {
        if queues[waiter.share] == nil { turns.append(waiter.share) }
        queues[waiter.share, default: []].append(waiter)
        added(waiter)
    }

    /// Returns a waiter to its place: first in its share, and its share next.
    mutating func putBack(_ waiter: Waiter) {
        if queues[waiter.share] == nil { turns.prepend(waiter.share) }
        queues[waiter.share, default: []].prepend(waiter)
        added(waiter)
    }

    mutating func popFirst() -> Waiter? {
        guard let share = turns.popFirst(), let waiter = queues[share]?.popFirst() else { return nil }
        if queues[share]?.isEmpty == true {
            queues[share] = nil
        } else {
            turns.append(share)
        }
        count -= 1
        return waiter
    }

    /// Removes and returns all waiters for which a condition holds.
    mutating func removeAll(where condition: (Waiter) -> Bool) -> [Waiter] {
        var removed: [Waiter] = []
        var earliest: ContinuousClock.Instant?
        for (share, queue) in queues {
            removed += queue.filter(condition)
            let kept = queue.filter { !condition($0) }
            queues[share] = kept.isEmpty ? nil : kept
            if let first = kept.map(\.deadline).min() { earliest = min(earliest ?? first, first) }
        }
        turns.removeAll { queues[$0] == nil }
        count -= removed.count
        earliestDeadline = earliest
        return removed.sorted { $0.identifier < $1.identifier }
    }

    private mutating func added(_ waiter: Waiter) {
        count += 1
        earliestDeadline = min(earliestDeadline ?? waiter.deadline, waiter.deadline)
    }
}
