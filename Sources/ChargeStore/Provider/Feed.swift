import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The input of a reading of the feed: where to start, and the most decisions to return.
struct FeedInput: Sendable {
    let start: FeedStart
    let limit: Int

    /// The position of the start; `nil` where the time says it.
    fileprivate var position: Int64? {
        switch start {
        case .beginning: 0
        case .after(let cursor): cursor.position
        case .since: nil
        }
    }

    /// The time of the first decision; `nil` where the position says it.
    fileprivate var time: Timestamp? {
        if case .since(let time) = start { time } else { nil }
    }
}

/// A row of a reading: its start, and a decision if there is one.
struct FeedRow: Sendable {
    /// The place from which the reading started, as the feed has it.
    let start: FeedCursor
    /// Whether the feed reaches the place that was asked for.
    let isReached: Bool
    let decision: (published: PublishedDecision, batch: PostgresUUID)?
}

extension Statement where Input == FeedInput, Row == FeedRow {
    /// Reads the start and the decisions in one snapshot. The start's position comes from a cursor or, where that is
    /// NULL, from the time.
    static let readFeed = Statement(
        "read_feed",
        """
        SELECT
            start.epoch, start.position, start.is_reached, (
                SELECT batch.batch_id FROM countersign.published_batch AS batch
                WHERE batch.position <= start.position
                ORDER BY batch.position DESC LIMIT 1),
            published.position, published.batch_id, operator.code, published.number,
            charge.provider_charge_id, published.kind, published.revision, published.made_by, published.made_on
        FROM (
            SELECT
                feed.epoch, least(asked.position, feed.last_position) AS position,
                asked.position <= feed.last_position AS is_reached
            FROM countersign.feed
            CROSS JOIN LATERAL (
                SELECT coalesce(
                    \(\.position), (
                        SELECT first.position - 1 FROM countersign.published_batch AS first
                        WHERE first.published_on >= \(\.time)
                        ORDER BY first.published_on, first.position LIMIT 1
                    ), feed.last_position) AS position
            ) AS asked
        ) AS start
        LEFT JOIN LATERAL (
            SELECT * FROM (
                SELECT
                    batch.batch_id,
                    batch.position - 1 + row_number() OVER (
                        PARTITION BY batch.position ORDER BY history.operator_id, history.number) AS position,
                    history.operator_id, history.number, history.revision, history.kind, history.made_by,
                    history.made_on
                FROM (
                    -- From the batch that the start lies in, to the last one that can be of use.
                    SELECT position, batch_id FROM countersign.published_batch
                    WHERE position >= coalesce((
                            SELECT max(begun.position) FROM countersign.published_batch AS begun
                            WHERE begun.position <= start.position + 1), 0)
                        AND position <= start.position + \(\.limit)
                    ORDER BY position
                ) AS batch
                JOIN countersign.charge_history AS history
                    -- Not by revision: the primary key would then do as well as batch_id while the table is empty.
                    ON history.batch_id = ANY (ARRAY[batch.batch_id]) AND history.kind <> 'ACKNOWLEDGED'
            ) AS placed
            WHERE placed.position > start.position ORDER BY placed.position LIMIT \(\.limit)
        ) AS published ON true
        LEFT JOIN countersign.operator ON operator.operator_id = published.operator_id
        LEFT JOIN countersign.charge
            ON charge.operator_id = ANY (ARRAY[published.operator_id]) AND charge.number = published.number
        ORDER BY published.position
        """,
        decode: { row throws(PostgresError) in
            let epoch = try row.next(String.self)
            let startPosition = try row.next(Int64.self)
            let isReached = try row.next(Bool.self)
            let startBatch = try row.next(PostgresUUID?.self)
            let start = FeedCursor(
                epoch: epoch, position: startPosition, batch: startBatch?.lastEightBytes ?? 0)
            guard let position = try row.next(Int64?.self) else {
                return FeedRow(start: start, isReached: isReached, decision: nil)
            }
            let batch = try row.next(PostgresUUID.self)
            let published = PublishedDecision(
                position: position, operatorCode: try row.next(), number: try row.next(),
                providerChargeIdentifier: try row.next(), decision: try row.next(),
                revision: try row.next(), isByPolicy: try row.next(String.self) == "policy",
                decidedOn: try row.next())
            return FeedRow(start: start, isReached: isReached, decision: (published, batch))
        })
}

extension Statement where Input == Int32, Row == Int {
    /// Gives positions to committed decisions that have none. It waits the given number of milliseconds for another
    /// session that is publishing.
    static let publishDecisions = Statement(
        "publish_decisions", "SELECT countersign.publish_decisions(\(\.self))")
}

extension Statement where Input == Void, Row == Int64 {
    /// The most batches of one `purgePublishedBatches`, which holds the publisher's lock for some 50 ms then.
    static let mostPurgedBatches: Int64 = 10_000

    /// Deletes the rows of batches that were published more than a day ago, and returns how many it has passed.
    static let purgePublishedBatches = Statement(
        "purge_published_batches", "SELECT countersign.purge_published_batches(\(raw: mostPurgedBatches))")
}

/// The publisher, which gives positions in the feed to committed decisions. Every node publishes at intervals and
/// before each reading; the database admits one session at a time.
package struct DecisionPublisher: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// The time that a reader waits for another session that is publishing, and then for the publication itself.
    private static let readerWaitMilliseconds: Int32 = 500
    private static let readerTime = Duration.seconds(2)

    /// Publishes committed decisions, unless another session is publishing.
    ///
    /// - Returns: The number of decisions that were published; 0 also if publishing failed, which is logged.
    @discardableResult
    package func publish(deadline: ContinuousClock.Instant) async -> Int {
        await publish(lockWaitMilliseconds: 0, share: .background, deadline)
    }

    /// Publishes before a reading. If that takes too long, the reading starts without it, and the decisions that it
    /// misses come with the next one.
    func publishForReader(deadline: ContinuousClock.Instant) async {
        _ = await publish(
            lockWaitMilliseconds: Self.readerWaitMilliseconds, share: .provider,
            min(deadline, .now + Self.readerTime))
    }

    /// Deletes the rows of batches that were published more than a day ago, as long as there are any, and leaves the feed
    /// as it is. A failure is logged, and the rest is left to the next call.
    package func purge() async {
        await pool.purge(
            .purgePublishedBatches, maximum: Statement<Void, Int64>.mostPurgedBatches,
            doing: "deleting published batches", logger: logger)
    }

    private func publish(lockWaitMilliseconds: Int32, share: QueueShare, _ deadline: ContinuousClock.Instant)
        async
        -> Int
    {
        do {
            return try await pool.withRetries(deadline: deadline, share: share) {
                lease throws(PostgresError) in
                try lease.transact(.publishDecisions, lockWaitMilliseconds, until: deadline)
            }
            .first ?? 0
        } catch {
            logger.warning("publishing decisions failed", metadata: ["error": "\(error)"])
            return 0
        }
    }
}
