import ConnectionPool
package import Measurements

/// The state of the pools, and what waits in the database.
extension Store: GaugeSource {
    /// How long the page waits for the database before it does without.
    private static let waitingAgesTime = Duration.seconds(2)

    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
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
        guard let ages = ages?.first else { return pools }
        return pools + [
            Gauge(.feedLagSeconds, value: ages.feedLagSeconds),
            Gauge(.oldestUndecidedSeconds, value: ages.oldestUndecidedSeconds),
        ]
    }
}
