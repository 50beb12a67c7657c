/// Counts failed logins per user and address, and says when a pair has had enough. A value without a clock.
///
/// An attempt counts from its begin, so that many at once get no further than many in a row; it is taken back if it
/// did not fail. There is no lock-out: the same user may still log in from elsewhere.
struct LoginLimit: Sendable {
    /// How many failures a pair may have within the window.
    static let maximumFailures = 10
    static let window = Duration.seconds(15 * 60)
    /// How many pairs are remembered. Beyond it the one that tried longest ago is forgotten.
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

    /// Whether a pair may try.
    enum Answer: Equatable, Sendable {
        /// It may; whoever is told so says afterwards how it ended.
        case attempt(Attempt)
        case wait(Duration)
    }

    /// One attempt that was begun.
    struct Attempt: Hashable, Sendable {
        fileprivate let number: Int
        fileprivate let begunAt: ContinuousClock.Instant
    }

    private struct Attempts {
        /// The oldest first; never more than the maximum together.
        var failed: [ContinuousClock.Instant] = []
        var underWay: Set<Attempt> = []
        var lastBegunAt: ContinuousClock.Instant

        var isEmpty: Bool { failed.isEmpty && underWay.isEmpty }
        var count: Int { failed.count + underWay.count }
    }

    private var attempts: [Pair: Attempts] = [:]
    private var nextNumber = 0

    /// How many pairs are remembered.
    var pairCount: Int { attempts.count }

    /// Begins an attempt, if the pair has not had enough.
    mutating func begin(_ pair: Pair, now: ContinuousClock.Instant) -> Answer {
        var known = attempts[pair] ?? Attempts(lastBegunAt: now)
        known.failed.removeAll { now - $0 >= Self.window }
        guard known.count < Self.maximumFailures else {
            attempts[pair] = known
            // Those under way may yet turn out right.
            guard known.underWay.isEmpty, let oldest = known.failed.first else { return .wait(.seconds(1)) }
            return .wait(Self.window - (now - oldest))
        }
        if attempts[pair] == nil, attempts.count >= Self.maximumPairs { forgetOldest(now) }
        let attempt = Attempt(number: nextNumber, begunAt: now)
        nextNumber += 1
        known.underWay.insert(attempt)
        known.lastBegunAt = now
        attempts[pair] = known
        return .attempt(attempt)
    }

    mutating func failed(_ attempt: Attempt, _ pair: Pair) {
        guard attempts[pair]?.underWay.remove(attempt) != nil else { return }
        attempts[pair]?.failed.append(attempt.begunAt)
        attempts[pair]?.failed.sort()
    }

    /// Forgets an attempt that was right, or of which nobody found out. It undoes no failures, or somebody who
    /// shares the address of a user who logs in often could go on guessing.
    mutating func takeBack(_ attempt: Attempt, _ pair: Pair) {
        attempts[pair]?.underWay.remove(attempt)
        if attempts[pair]?.isEmpty == true { attempts[pair] = nil }
    }

    private mutating func forgetOldest(_ now: ContinuousClock.Instant) {
        attempts = attempts.filter { now - $0.value.lastBegunAt < Self.window }
        guard attempts.count >= Self.maximumPairs else { return }
        let oldest = attempts.min { $0.value.lastBegunAt < $1.value.lastBegunAt }
        if let oldest { attempts[oldest.key] = nil }
    }
}
