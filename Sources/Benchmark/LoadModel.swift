import NIOCore

/// When calls are made.
package enum LoadModel: Equatable, Sendable {
    /// Each connection makes its next call when it has the answer to its last one.
    case closed
    /// So many calls a second, evenly spaced, whatever the service does. A call's latency counts from the moment
    /// at which it was due.
    case open(callsPerSecond: Double)
}

/// When the calls of an open loop are due: evenly spaced, whatever becomes of them.
///
/// What is late keeps the time at which it was due, and its latency counts from then on. So a service that stalls
/// cannot hide it by being asked less (Tene's "coordinated omission").
struct OpenSchedule {
    private let begunAt: NIODeadline
    private let intervalNanoseconds: Double
    /// How many calls have been taken.
    private var taken = 0

    init(callsPerSecond: Double, from begunAt: NIODeadline) {
        self.begunAt = begunAt
        intervalNanoseconds = 1_000_000_000 / callsPerSecond
    }

    /// When the next call is due.
    var next: NIODeadline { begunAt + .nanoseconds(Int64(Double(taken) * intervalNanoseconds)) }

    /// Takes the next call, if it is due by then.
    ///
    /// - Returns: When it was due.
    mutating func take(dueBy moment: NIODeadline) -> NIODeadline? {
        let due = next
        guard due <= moment else { return nil }
        taken += 1
        return due
    }
}
