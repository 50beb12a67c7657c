import ConnectionPool
import LibPQ
import Scheduling
package import Telemetry

/// The state of the queues, the pools and the clock, and what waits in the database.
extension Store: GaugeSource {
    /// The time that the metrics page waits for the database before it leaves these gauges as they were.
    private static let databaseTime = Duration.seconds(2)

    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        let waiting = batcher.waitingCounts
        var gauges = [
            Gauge(.queuedCalls, ["decisions"], value: Double(waiting.decisions)),
            Gauge(.queuedCalls, ["acknowledgements"], value: Double(waiting.acknowledgements)),
        ]
        if let offset = clock.offset { gauges.append(Gauge(.clockOffsetSeconds, value: offset.seconds)) }
        for (name, pool) in pools { gauges += Self.gauges(of: pool, named: name) }
        let read = try? await reader.rows(
            .waitingInDatabase, (), deadline: min(deadline, .now + Self.databaseTime))
        guard let found = read?.first else { return gauges + [Gauge(.databaseUp, value: 0)] }
        return gauges + [
            Gauge(.databaseUp, value: 1),
            Gauge(.feedLagSeconds, value: found.feedLagSeconds),
            Gauge(.unpublishedDecisions, value: Double(found.unpublishedDecisions)),
            Gauge(.oldestUndecidedSeconds, value: found.oldestUndecidedSeconds),
            Gauge(.oldestTakenSeconds, value: found.oldestTakenSeconds),
            Gauge(.statementLagSeconds, value: found.statementLagSeconds),
        ]
    }

    private static func gauges(of pool: ConnectionPool<StoreConnection>, named name: String) -> [Gauge] {
        let statistics = pool.statistics
        return [
            Gauge(.poolConnections, [name, "idle"], value: Double(statistics.idle)),
            Gauge(.poolConnections, [name, "leased"], value: Double(statistics.leased)),
            Gauge(.poolConnections, [name, "opening"], value: Double(statistics.opening)),
            Gauge(.poolConnectionsLimit, [name], value: Double(pool.maximumConnections)),
        ]
            + QueueShare.Kind.allCases.map {
                Gauge(.poolWaiting, [name, $0.rawValue], value: Double(pool.waitingCount($0)))
            }
    }
}

/// What waits in the database: counts, and the ages of the oldest in seconds; 0 where nothing waits.
struct WaitingInDatabase: Sendable {
    /// The age of the oldest decision that has no position in the feed yet.
    let feedLagSeconds: Double
    /// The number of decisions without a position.
    let unpublishedDecisions: Int
    /// The time since the window of the oldest undecided charge began, of operators whose policy will decide it.
    let oldestUndecidedSeconds: Double
    /// The time since the oldest charge without an outcome was taken.
    let oldestTakenSeconds: Double
    /// The time since the end of the day whose statement has waited longest to be closed.
    let statementLagSeconds: Double
}

extension Statement where Input == Void, Row == WaitingInDatabase {
    /// Reads what waits. It looks at no more than the first 1000 batches, and the first 1000 pending charges of an
    /// operator, fewer where there are more than ten operators, so that it reads some 10,000 in all: it does not see a
    /// charge behind so many that wait for something else.
    static let waitingInDatabase = Statement(
        "waiting_in_database",
        """
        SELECT
            coalesce((
                SELECT extract(epoch FROM clock_timestamp() - min(history.made_on)) * 1000
                FROM (SELECT * FROM countersign.unpublished_batch ORDER BY transaction_id LIMIT 100) AS waiting
                CROSS JOIN LATERAL (
                    SELECT history.made_on FROM countersign.charge_history AS history
                    WHERE history.batch_id = waiting.batch_id LIMIT 1) AS history), 0)::bigint,
            coalesce((
                SELECT sum(batch.decisions)
                FROM (SELECT * FROM countersign.unpublished_batch ORDER BY transaction_id LIMIT 1000) AS waiting
                CROSS JOIN LATERAL (
                    SELECT batch.decisions FROM countersign.batch
                    WHERE batch.batch_id = waiting.batch_id LIMIT 1) AS batch), 0)::bigint,
            coalesce(extract(epoch FROM clock_timestamp() - min(oldest.undecided_since)) * 1000, 0)::bigint,
            coalesce(extract(epoch FROM clock_timestamp() - min(oldest.taken_on)) * 1000, 0)::bigint,
            (
                SELECT greatest(extract(epoch FROM clock_timestamp() - min(schedule.next_end_on)) * 1000, 0)
                FROM countersign.statement_schedule AS schedule)::bigint
        FROM countersign.operator
        CROSS JOIN LATERAL (
            SELECT
                min(greatest(pending.received_on, pending.imported_on, operator.undecided_counts_from)) FILTER (
                    WHERE pending.decision IS NULL AND operator.undecided_policy <> 'hold'
                        AND operator.suspended_on IS NULL) AS undecided_since,
                min(pending.taken_on) AS taken_on
            FROM (
                SELECT charge.received_on, charge.imported_on, charge.decision, charge.taken_on
                FROM countersign.charge
                WHERE charge.operator_id = operator.operator_id
                    AND charge.acknowledged_on IS NULL AND charge.charge_status = 'PENDING'
                ORDER BY charge.received_on, charge.number
                LIMIT (
                    SELECT least(1000, greatest(50, 10000 / nullif(count(*), 0))) FROM countersign.operator)
            ) AS pending
        ) AS oldest
        """,
        row: {
            (
                feedLagMilliseconds: Int, unpublished: Int, undecidedMilliseconds: Int,
                takenMilliseconds: Int, statementLagMilliseconds: Int
            ) in
            WaitingInDatabase(
                feedLagSeconds: Double(feedLagMilliseconds) / 1000, unpublishedDecisions: unpublished,
                oldestUndecidedSeconds: Double(undecidedMilliseconds) / 1000,
                oldestTakenSeconds: Double(takenMilliseconds) / 1000,
                statementLagSeconds: Double(statementLagMilliseconds) / 1000)
        })
}
