/// Counts failed logins per user and address, and says when a pair has had enough. A value without a clock.
///
/// There is no lock-out: the same user may still log in from elsewhere.
struct LoginLimit: Sendable {
    /// How many failures a pair may have within the window.
    static let maximumFailures = 10
    static let window = Duration.seconds(15 * 60)
    /// How many pairs are remembered. Beyond it the one that failed longest ago is forgotten.
    static let maximumPairs = 10_000

    /// Who tries to log in, and from where.
    struct Pair: Hashable, Sendable {
        let organisation: [UInt8]
        let username: [UInt8]
        let address: String

        /// No operator's code has more than 64 bytes, and no user's name more than 512. Longer ones are cut, so that
        /// they do not fill the memory.
        init(organisation: String, username: String, address: String) {
            self.organisation = Array(organisation.utf8.prefix(65))
            self.username = Array(username.utf8.prefix(513))
            self.address = address
        }
    }

    private var failures: [Pair: [ContinuousClock.Instant]] = [:]

    /// How long a pair must wait before it may try again; `nil` if it need not.
    mutating func wait(_ pair: Pair, now: ContinuousClock.Instant) -> Duration? {
        guard let recent = failures[pair]?.filter({ now - $0 < Self.window }) else { return nil }
        failures[pair] = recent.isEmpty ? nil : recent
        guard recent.count >= Self.maximumFailures else { return nil }
        return Self.window - (now - recent[recent.count - Self.maximumFailures])
    }

    /// Counts a failure. A success undoes none, or somebody who shares the address of a user who logs in often
    /// could go on guessing.
    mutating func failed(_ pair: Pair, now: ContinuousClock.Instant) {
        if failures[pair] == nil, failures.count >= Self.maximumPairs { forgetOldest(now) }
        failures[pair, default: []].append(now)
    }

    private mutating func forgetOldest(_ now: ContinuousClock.Instant) {
        failures = failures.filter { $0.value.last.map { now - $0 < Self.window } ?? false }
        guard failures.count >= Self.maximumPairs else { return }
        let oldest = failures.min { ($0.value.last ?? now) < ($1.value.last ?? now) }
        if let oldest { failures[oldest.key] = nil }
    }
}
