/// The recorder of the metrics, which also renders them for Prometheus. Any thread may use it.
///
/// A series that a metric will have is on the page from the start, with 0: a rate or an alert on it has no first value
/// to miss.
package struct MetricsRecorder: Sendable {
    private let registry = PrometheusRegistry()

    package init() {
        for metric in Metric.allCases {
            for labels in metric.ownSeries { declare(metric, labels) }
        }
    }

    /// Puts a series on the page.
    ///
    /// - Parameter labels: The values of the metric's labels, in their order.
    package func declare(_ metric: Metric, _ labels: [String]) {
        _ = series(metric, labels, metric.kind)
    }

    /// Adds to a counter.
    package func count(_ metric: Metric, _ labels: [String], by amount: Int = 1) {
        // No series begins with nothing to count.
        if amount > 0 { counter(metric, labels).add(amount) }
    }

    /// Sets a gauge.
    package func set(_ metric: Metric, _ labels: [String], to value: Double) {
        series(metric, labels, .gauge)?.set(value)
    }

    /// A counter, to be kept by what adds to it often: looking a series up takes longer than adding to it.
    package func counter(_ metric: Metric, _ labels: [String]) -> MetricCounter {
        MetricCounter(series: series(metric, labels, .counter))
    }

    /// A gauge that goes up and down, to be kept by what changes it often.
    package func level(_ metric: Metric, _ labels: [String]) -> MetricLevel {
        MetricLevel(series: series(metric, labels, .gauge))
    }

    /// A histogram of seconds, to be kept by what adds to it often.
    package func timer(_ metric: Metric, _ labels: [String]) -> MetricTimer {
        MetricTimer(series: series(metric, labels, .histogram))
    }

    /// Adds a duration to a histogram of seconds.
    package func record(_ metric: Metric, _ labels: [String], _ duration: Duration) {
        timer(metric, labels).record(duration)
    }

    /// Adds a number to a histogram of numbers.
    package func record(_ metric: Metric, _ labels: [String], number: Int) {
        series(metric, labels, .histogram)?.record(Double(number))
    }

    /// The page with these readings, in Prometheus' text format, version 0.0.4.
    package func page(_ gauges: [Gauge]) -> String {
        for gauge in gauges {
            series(gauge.metric, gauge.labels, gauge.metric.kind)?.set(gauge.value)
        }
        return registry.page()
    }

    /// The series of the registry.
    private func series(_ metric: Metric, _ labels: [String], _ kind: Metric.Kind) -> PrometheusSeries? {
        precondition(labels.count == metric.labels.count, "\(metric) has other labels")
        return registry.find(metric, labels, kind)
    }
}

/// A counter.
package struct MetricCounter: Sendable {
    let series: PrometheusSeries?

    package func add(_ amount: Int) { series?.add(amount) }
}

/// A histogram of seconds.
package struct MetricTimer: Sendable {
    let series: PrometheusSeries?

    package func record(_ duration: Duration) { series?.record(duration / .seconds(1)) }
}

/// A gauge that goes up and down.
package struct MetricLevel: Sendable {
    let series: PrometheusSeries?

    package func add(_ amount: Int) { series?.add(amount) }
}

/// A value that is read when the page is requested: a gauge, or a counter that the system keeps.
package struct Gauge: Sendable {
    package let metric: Metric
    /// The values of the metric's labels, in their order.
    package let labels: [String]
    package let value: Double

    package init(_ metric: Metric, _ labels: [String] = [], value: Double) {
        self.metric = metric
        self.labels = labels
        self.value = value
    }
}

/// A source of gauges. It returns before the deadline, without the gauges that it could not read.
package protocol GaugeSource: Sendable {
    func gauges(deadline: ContinuousClock.Instant) async -> [Gauge]
}

/// Several sources combined into one.
package struct GaugeSources: GaugeSource {
    private let sources: [any GaugeSource]

    package init(_ sources: [any GaugeSource] = []) {
        self.sources = sources
    }

    package func gauges(deadline: ContinuousClock.Instant) async -> [Gauge] {
        var gauges: [Gauge] = []
        for source in sources { gauges += await source.gauges(deadline: deadline) }
        return gauges
    }
}
