import Authentication
import Charges
import Synchronization

/// A clock that a test advances.
final class ManualClock: Sendable {
    private let passed = Mutex(Duration.zero)
    private let start = ContinuousClock.now
    /// 2026-11-23T07:00:00 UTC.
    static let firstTime = Timestamp(secondsSince1970: 1_795_417_200)

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    var instant: ContinuousClock.Instant { start + passed.withLock { $0 } }

    var time: Timestamp { Self.firstTime.advanced(by: passed.withLock { $0 }) }
}
