import ConnectionPool
import LibPQ
package import Logging

/// Gives positions in the feed to decisions that are committed. Every node does, whenever somebody reads and every
/// so often; the database lets one session at a time.
package struct DecisionPublisher: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// How long a reader waits for another session that is publishing, and for the publication itself.
    private static let readerWaitMilliseconds = 500
    private static let readerTime = Duration.seconds(2)

    /// Publishes what is committed, unless another session is doing so.
    ///
    /// - Returns: How many decisions were published; 0 also where it failed, which the log says.
    @discardableResult
    package func publish(deadline: ContinuousClock.Instant) async -> Int {
        await publish(lockWaitMilliseconds: 0, share: PostgresProviderRepository.backgroundShare, deadline)
    }

    /// Publishes before a reading. If that takes too long, the reading does without: what it misses comes next.
    func publishForReader(deadline: ContinuousClock.Instant) async {
        _ = await publish(
            lockWaitMilliseconds: Self.readerWaitMilliseconds, share: PostgresProviderRepository.share,
            min(deadline, .now + Self.readerTime))
    }

    private func publish(lockWaitMilliseconds: Int, share: Int64, _ deadline: ContinuousClock.Instant) async
        -> Int
    {
        do {
            return try await pool.withConnection(deadline: deadline, share: share) {
                lease throws(PostgresError) in
                try lease.transact(.publishDecisions, lockWaitMilliseconds, until: deadline)
            }
            .first.map { Int($0) } ?? 0
        } catch {
            logger.warning("publishing decisions failed", metadata: ["error": "\(error)"])
            return 0
        }
    }
}

extension PostgresProviderRepository {
    /// The share of what nobody waits for.
    static let backgroundShare: Int64 = -2
}
