/// The limit of a warning that there may be reason to log again and again: once a minute. A value without a clock.
package struct WarningLimit: Sendable {
    private static let interval = Duration.seconds(60)
    private var lastAt: ContinuousClock.Instant?

    package init() {}

    /// Returns whether the warning is to be logged now, and counts it as logged then.
    package mutating func admits(now: ContinuousClock.Instant) -> Bool {
        if let lastAt, now - lastAt < Self.interval { return false }
        lastAt = now
        return true
    }
}
