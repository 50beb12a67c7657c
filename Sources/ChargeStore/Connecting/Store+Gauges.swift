import ConnectionPool
package import Measurements

/// The state of the pools. What a query must tell (the feed's lag, the oldest undecided charge) is a source of
/// its own.
extension Store: GaugeSource {
    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        statistics.flatMap { pool, statistics in
            [
                Gauge(.poolConnections, [pool, "idle"], value: Double(statistics.idle)),
                Gauge(.poolConnections, [pool, "leased"], value: Double(statistics.leased)),
                Gauge(.poolConnections, [pool, "opening"], value: Double(statistics.opening)),
                Gauge(.poolWaiting, [pool], value: Double(statistics.waiting)),
            ]
        }
    }
}
