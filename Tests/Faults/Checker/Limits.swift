package import FaultJournal

/// The times that the checker grants, in nanoseconds.
package struct Limits: Sendable {
    /// The service's deadline of a call, counted from its delivery to a node.
    package var deadline: Nanoseconds = 10_000_000_000
    /// How long a call may be on its way to a node when no fault holds it, the balancer's queue included.
    package var delivery: Nanoseconds = 5_000_000_000
    /// After this time an ended token or a suspension holds on every node.
    package var revocation: Nanoseconds = 1_000_000_000
    /// Within this time some call succeeds.
    package var progress: Nanoseconds = 30_000_000_000

    package init() {}
}
