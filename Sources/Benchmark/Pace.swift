/// When calls are made.
package enum Pace: Equatable, Sendable {
    /// Each connection makes its next call when it has the answer to its last one.
    case closed
    /// So many calls a second, evenly spaced, whatever the service does. A call's latency counts from the moment
    /// at which it was due.
    case open(callsPerSecond: Double)
}
