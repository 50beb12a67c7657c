import Authentication
import Foundation
import Synchronization

/// A clock that a test advances.
final class ManualClock: Sendable {
    private let passed = Mutex(Duration.zero)
    private let start = ContinuousClock.now
    /// 2026-11-23T07:00:00 UTC.
    static let firstDate = Date(timeIntervalSince1970: 1_795_417_200)

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    var instant: ContinuousClock.Instant { start + passed.withLock { $0 } }

    var date: Date {
        let components = passed.withLock { $0.components }
        return Self.firstDate
            + (Double(components.seconds) + Double(components.attoseconds) / 1_000_000_000_000_000_000)
    }
}
