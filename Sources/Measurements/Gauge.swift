/// One value that is read when the page is asked for.
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

/// Where values are read from. It answers before the deadline, without what it could not read.
package protocol GaugeSource: Sendable {
    func gauges(deadline: ContinuousClock.Instant) async -> [Gauge]
}

/// Several sources as one.
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
