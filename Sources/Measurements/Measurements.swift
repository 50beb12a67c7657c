import CoreMetrics

/// Counts what is in the list of `Metric`, through swift-metrics, and writes it for Prometheus.
package struct Measurements: Sendable {
    private let registry = PrometheusRegistry()

    package init() {}

    /// Adds to a counter.
    ///
    /// - Parameter labels: The values of the metric's labels, in their order.
    package func count(_ metric: Metric, _ labels: [String], by amount: Int = 1) {
        guard amount > 0 else { return }
        Counter(label: metric.rawValue, dimensions: dimensions(metric, labels), factory: registry)
            .increment(by: amount)
    }

    /// Adds a duration to a histogram.
    package func record(_ metric: Metric, _ labels: [String], _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        Timer(label: metric.rawValue, dimensions: dimensions(metric, labels), factory: registry)
            .recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The page, with these gauges: Prometheus' text format, version 0.0.4.
    package func page(_ gauges: [Gauge]) -> String {
        for gauge in gauges {
            Meter(
                label: gauge.metric.rawValue, dimensions: dimensions(gauge.metric, gauge.labels),
                factory: registry
            ).set(gauge.value)
        }
        return registry.page()
    }

    private func dimensions(_ metric: Metric, _ values: [String]) -> [(String, String)] {
        precondition(values.count == metric.labels.count, "\(metric) has other labels")
        return Array(zip(metric.labels, values))
    }
}
