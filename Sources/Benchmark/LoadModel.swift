import NIOCore

/// The load model: the rule for when calls are made.
package enum LoadModel: Equatable, Sendable {
    /// The closed loop. Each connection makes its next call when it has the response to its last one.
    case closed
    /// The open loop. Calls are due at a fixed rate, evenly spaced, whatever the service does. A call's latency counts
    /// from the time at which it was due.
    case open(callsPerSecond: Double)
}

/// The schedule of an open loop: the evenly spaced times at which calls are due.
///
/// A late call keeps the time at which it was due, and its latency counts from then. So a service that stalls cannot
/// hide it by receiving fewer calls (Tene's "coordinated omission").
struct OpenSchedule {
    private let begunAt: NIODeadline
    private let intervalNanoseconds: Double
    /// The number of calls that have been taken.
    private var taken = 0

    init(callsPerSecond: Double, from begunAt: NIODeadline) {
        self.begunAt = begunAt
        intervalNanoseconds = 1_000_000_000 / callsPerSecond
    }

    /// The time at which the next call is due.
    var next: NIODeadline { begunAt + .nanoseconds(Int64(Double(taken) * intervalNanoseconds)) }

    /// Takes the next call if it is due by a moment.
    ///
    /// - Returns: The time at which it was due.
    mutating func take(dueBy moment: NIODeadline) -> NIODeadline? {
        let due = next
        guard due <= moment else { return nil }
        taken += 1
        return due
    }
}
