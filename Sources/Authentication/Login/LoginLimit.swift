/// The limits of logins: of the failed ones per user and address, and of those under way per address. It is a value
/// without a clock.
///
/// An attempt counts from its start, so that parallel attempts get no further than sequential ones. It is taken back if
/// it did not fail. There is no lock-out: the same user may still log in from another address.
struct LoginLimit: Sendable {
    /// The maximum number of failures of a pair within the window.
    static let maximumFailures = 10
    static let window = Duration.seconds(15 * 60)
    /// The maximum number of pairs kept. Beyond it the one with the oldest attempt is dropped.
    static let maximumPairs = 10_000

    /// A user and an address.
    struct Pair: Hashable, Sendable {
        let organisation: [UInt8]
        let username: [UInt8]
        let address: String

        /// Creates a pair. An operator's code has at most 64 bytes, and a user's name at most 512. Longer texts are
        /// cut, so that they do not fill the memory.
        init(organisation: String, username: String, address: String) {
            self.organisation = Array(organisation.utf8.prefix(65))
            self.username = Array(username.utf8.prefix(513))
            self.address = address
        }

        /// The pair of an administrator of the service. No organisation has its bytes, which are no UTF-8.
        init(administrator name: String, address: String) {
            organisation = [0xFF]
            username = Array(name.utf8.prefix(513))
            self.address = address
        }
    }

    /// The result of starting an attempt.
    enum Answer: Equatable, Sendable {
        /// The attempt may proceed. The caller must report how it ended.
        case attempt(Attempt)
        /// The user has failed too often at the address.
        case wait(Duration)
        /// The address has as many attempts under way as it may.
        case addressIsBusy
    }

    /// An attempt in progress.
    struct Attempt: Hashable, Sendable {
        fileprivate let number: Int
        fileprivate let begunAt: ContinuousClock.Instant
    }

    private struct Attempts {
        /// The failures, oldest first. With the attempts under way they never exceed the maximum.
        var failed: [ContinuousClock.Instant] = []
        var underWay: Set<Attempt> = []
        var lastBegunAt: ContinuousClock.Instant

        var isEmpty: Bool { failed.isEmpty && underWay.isEmpty }
        var count: Int { failed.count + underWay.count }
    }

    private let maximumUnderWayPerAddress: Int
    private var attempts: [Pair: Attempts] = [:]
    private var underWay: [String: Set<Attempt>] = [:]
    private var nextNumber = 0

    /// - Parameter maximumUnderWayPerAddress: The most attempts under way of one address.
    init(maximumUnderWayPerAddress: Int = 16) {
        self.maximumUnderWayPerAddress = maximumUnderWayPerAddress
    }

    /// The number of pairs kept.
    var pairCount: Int { attempts.count }

    /// Starts an attempt, unless the pair or its address has reached its limit.
    mutating func begin(_ pair: Pair, now: ContinuousClock.Instant) -> Answer {
        var known = attempts[pair] ?? Attempts(lastBegunAt: now)
        known.failed.removeAll { now - $0 >= Self.window }
        guard known.count < Self.maximumFailures else {
            attempts[pair] = known
            // The attempts under way may still succeed.
            guard known.underWay.isEmpty, let oldest = known.failed.first else { return .wait(.seconds(1)) }
            return .wait(Self.window - (now - oldest))
        }
        guard underWay[pair.address, default: []].count < maximumUnderWayPerAddress else {
            return .addressIsBusy
        }
        if attempts[pair] == nil, attempts.count >= Self.maximumPairs { forgetOldest(now) }
        let attempt = Attempt(number: nextNumber, begunAt: now)
        nextNumber += 1
        known.underWay.insert(attempt)
        underWay[pair.address, default: []].insert(attempt)
        known.lastBegunAt = now
        attempts[pair] = known
        return .attempt(attempt)
    }

    mutating func failed(_ attempt: Attempt, _ pair: Pair) {
        ended(attempt, pair)
        guard attempts[pair]?.underWay.remove(attempt) != nil else { return }
        attempts[pair]?.failed.append(attempt.begunAt)
        attempts[pair]?.failed.sort()
    }

    /// Removes an attempt that succeeded, or whose result is unknown. It removes no failures: otherwise an attacker who
    /// shares the address of a user who logs in often could continue guessing.
    mutating func takeBack(_ attempt: Attempt, _ pair: Pair) {
        ended(attempt, pair)
        attempts[pair]?.underWay.remove(attempt)
        if attempts[pair]?.isEmpty == true { attempts[pair] = nil }
    }

    private mutating func ended(_ attempt: Attempt, _ pair: Pair) {
        underWay[pair.address]?.remove(attempt)
        if underWay[pair.address]?.isEmpty == true { underWay[pair.address] = nil }
    }

    private mutating func forgetOldest(_ now: ContinuousClock.Instant) {
        attempts = attempts.filter { now - $0.value.lastBegunAt < Self.window }
        guard attempts.count >= Self.maximumPairs else { return }
        let oldest = attempts.min { $0.value.lastBegunAt < $1.value.lastBegunAt }
        if let oldest { attempts[oldest.key] = nil }
    }
}
