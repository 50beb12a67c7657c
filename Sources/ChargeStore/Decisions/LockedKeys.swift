/// The keys of charges and reference numbers that another session was found to hold for longer than a batch may wait.
/// They stay out of batches for a while, so that one of them makes a batch wait once, and not each batch that it would
/// be in. A bounded value without a clock.
struct LockedKeys: Sendable {
    private let time: Duration
    private let maximumCount: Int
    /// The moment from which each key may be in a batch again.
    private var ends: [BatchKey: ContinuousClock.Instant] = [:]
    /// The last of these moments; `nil` if there are no keys.
    private var lastEnd: ContinuousClock.Instant?

    /// - Parameters:
    ///   - time: The time for which a key stays out.
    ///   - maximumCount: The most keys that are kept.
    init(time: Duration, maximumCount: Int) {
        self.time = time
        self.maximumCount = maximumCount
    }

    var count: Int { ends.count }

    /// Whether every key may be in a batch, which is nearly always so. It forgets the keys whose time is over.
    mutating func isEmpty(now: ContinuousClock.Instant) -> Bool {
        guard let lastEnd else { return true }
        guard lastEnd <= now else { return false }
        ends = [:]
        self.lastEnd = nil
        return true
    }

    func contains(_ key: BatchKey, now: ContinuousClock.Instant) -> Bool {
        ends[key].map { now < $0 } ?? false
    }

    /// Adds keys. The time of one that is there already begins anew.
    ///
    /// - Returns: The number of keys that were forgotten before their time, the oldest ones, because there were too
    ///   many.
    mutating func insert(_ keys: [BatchKey], now: ContinuousClock.Instant) -> Int {
        guard !keys.isEmpty else { return 0 }
        let end = now + time
        ends = ends.filter { now < $0.value }
        for key in keys { ends[key] = end }
        lastEnd = end
        let excess = ends.count - maximumCount
        guard excess > 0 else { return 0 }
        for (key, _) in ends.sorted(by: { $0.value < $1.value }).prefix(excess) { ends[key] = nil }
        return excess
    }
}
