/// Counts what is in the list of `Metric`, and writes it for Prometheus.
package struct Measurements: Sendable {
    private let registry = PrometheusRegistry()

    package init() {}

    /// Adds to a counter.
    ///
    /// - Parameter labels: The values of the metric's labels, in their order.
    package func count(_ metric: Metric, _ labels: [String], by amount: Int = 1) {
        guard amount > 0 else { return }
        series(metric, labels, .counter)?.increment(by: Int64(amount))
    }

    /// Adds a duration to a histogram.
    package func record(_ metric: Metric, _ labels: [String], _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        series(metric, labels, .histogram)?
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The page, with these gauges: Prometheus' text format, version 0.0.4.
    package func page(_ gauges: [Gauge]) -> String {
        for gauge in gauges {
            series(gauge.metric, gauge.labels, .gauge)?.set(gauge.value)
        }
        return registry.page()
    }

    /// Straight from the registry: the metrics of swift-metrics are made anew for each use, which costs a call
    /// more than the counting does.
    private func series(_ metric: Metric, _ labels: [String], _ kind: Metric.Kind) -> PrometheusSeries? {
        precondition(labels.count == metric.labels.count, "\(metric) has other labels")
        return registry.find(metric, labels, kind)
    }
}
