import Charges
import Synchronization

/// The database's time of a test, which passes when the test says so.
final class ManualTime: Sendable {
    private let seconds = Mutex(TestServerFixture.now.secondsSince1970)

    var now: Timestamp { Timestamp(secondsSince1970: seconds.withLock { $0 }) }

    func advance(minutes: Int64) { seconds.withLock { $0 += minutes * 60 } }
}
