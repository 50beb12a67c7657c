import Foundation

/// How a migration takes its locks on a database in use. A session that waits for a lock on a table holds up the calls
/// that come after it, so a migration waits only for a moment. Then it releases all that it has, pauses, and tries again.
package struct LockRetry: Sendable {
    /// The time that a migration waits for one lock. A call waits for a second, so it outlasts a few of these.
    let lockTimeoutMilliseconds: Int
    /// The time after which no further try is made.
    let patience: Duration
    /// Waits between two tries, while nothing is held.
    let pause: @Sendable () -> Void

    /// - Parameter pause: The wait between two tries; by default a third of a second to a second, at random.
    package init(
        lockTimeoutMilliseconds: Int = 150, patience: Duration = .seconds(60),
        pause: @escaping @Sendable () -> Void = { Thread.sleep(forTimeInterval: .random(in: 0.3...1)) }
    ) {
        self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
        self.patience = patience
        self.pause = pause
    }

    /// The SQL that makes an autovacuum of the tables give way, and keeps the next one away. PostgreSQL cancels an
    /// autovacuum only for a session that has waited for longer than `deadlock_timeout`, a second by default, which is
    /// too long for the locks that calls need. This lock conflicts with vacuums but with no call, so it can be waited
    /// for.
    func keepVacuumAway(from tables: Set<String>) -> String {
        """
        SET LOCAL lock_timeout = '3s';
        LOCK TABLE \(tables.sorted().joined(separator: ", ")) IN SHARE UPDATE EXCLUSIVE MODE
        """
    }
}
