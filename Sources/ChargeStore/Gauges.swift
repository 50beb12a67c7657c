import ConnectionPool
import LibPQ
package import Telemetry

/// The state of the pools and the clock, and the age of what waits in the database.
extension Store: GaugeSource {
    /// The time that the metrics page waits for the database before it leaves these gauges out.
    private static let waitingAgesTime = Duration.seconds(2)

    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        let own = clock.offset.map { [Gauge(.clockOffsetSeconds, value: $0.seconds)] } ?? []
        let pools = statistics.flatMap { pool, statistics in
            [
                Gauge(.poolConnections, [pool, "idle"], value: Double(statistics.idle)),
                Gauge(.poolConnections, [pool, "leased"], value: Double(statistics.leased)),
                Gauge(.poolConnections, [pool, "opening"], value: Double(statistics.opening)),
                Gauge(.poolWaiting, [pool], value: Double(statistics.waiting)),
            ]
        }
        let ages = try? await reader.rows(
            .waitingAges, (), deadline: min(deadline, .now + Self.waitingAgesTime))
        guard let ages = ages?.first else { return own + pools }
        return own + pools + [
            Gauge(.feedLagSeconds, value: ages.feedLagSeconds),
            Gauge(.oldestUndecidedSeconds, value: ages.oldestUndecidedSeconds),
        ]
    }
}

/// The ages of the oldest things that wait, in seconds; 0 where nothing waits.
struct WaitingAges: Sendable {
    /// The age of the oldest decision that has no position in the feed yet.
    let feedLagSeconds: Double
    /// The age of the oldest pending charge without a decision.
    let oldestUndecidedSeconds: Double
}

extension Statement where Input == Void, Row == WaitingAges {
    /// Reads the ages. It looks at no more than the first hundred batches, and the first 1000 charges of an operator:
    /// it does not see a charge behind a thousand that are decided and not yet processed.
    static let waitingAges = Statement(
        "waiting_ages",
        """
        SELECT
            coalesce((
                SELECT extract(epoch FROM clock_timestamp() - min(history.made_on)) * 1000
                FROM (SELECT * FROM countersign.unpublished_batch ORDER BY transaction_id LIMIT 100) AS waiting
                CROSS JOIN LATERAL (
                    SELECT history.made_on FROM countersign.charge_history AS history
                    WHERE history.batch_id = waiting.batch_id LIMIT 1) AS history), 0)::bigint,
            coalesce((
                SELECT extract(epoch FROM clock_timestamp() - min(oldest.received_on)) * 1000
                FROM countersign.operator
                CROSS JOIN LATERAL (
                    SELECT pending.received_on
                    FROM (
                        SELECT charge.received_on, charge.decision
                        FROM countersign.charge
                        WHERE charge.operator_id = operator.operator_id
                            AND charge.acknowledged_on IS NULL AND charge.charge_status = 'PENDING'
                        ORDER BY charge.received_on, charge.number
                        LIMIT 1000) AS pending
                    WHERE pending.decision IS NULL
                    ORDER BY pending.received_on
                    LIMIT 1) AS oldest), 0)::bigint
        """,
        row: { (feedLagMilliseconds: Int, oldestUndecidedMilliseconds: Int) in
            WaitingAges(
                feedLagSeconds: Double(feedLagMilliseconds) / 1000,
                oldestUndecidedSeconds: Double(oldestUndecidedMilliseconds) / 1000)
        })
}
