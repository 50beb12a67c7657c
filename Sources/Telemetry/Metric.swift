/// Everything that is counted, and with which labels. Nothing else can be, and no label's value comes from a
/// client: operators, numbers and paths are no labels.
package enum Metric: String, CaseIterable, Sendable {
    case node = "countersign_node"
    case calls = "countersign_calls_total"
    case callSeconds = "countersign_call_seconds"
    case items = "countersign_items_total"
    case unknownOutcomes = "countersign_unknown_outcomes_total"
    case databaseErrors = "countersign_database_errors_total"
    case connectionsOpened = "countersign_connections_opened_total"
    case poolConnections = "countersign_pool_connections"
    case poolWaiting = "countersign_pool_waiting"
    case feedLagSeconds = "countersign_feed_lag_seconds"
    case oldestUndecidedSeconds = "countersign_oldest_undecided_seconds"

    /// What a metric can do.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package var kind: Kind {
        switch self {
        case .calls, .items, .unknownOutcomes, .databaseErrors, .connectionsOpened: .counter
        case .callSeconds: .histogram
        case .node, .poolConnections, .poolWaiting, .feedLagSeconds, .oldestUndecidedSeconds: .gauge
        }
    }

    /// The labels of each of its series, in order.
    package var labels: [String] {
        switch self {
        case .node: ["node", "build"]
        case .calls: ["call", "code", "http_status"]
        case .callSeconds: ["call"]
        case .items: ["call", "result"]
        case .unknownOutcomes: ["settled"]
        case .databaseErrors: ["class"]
        case .connectionsOpened: ["pool"]
        case .poolConnections: ["pool", "state"]
        case .poolWaiting: ["pool"]
        case .feedLagSeconds, .oldestUndecidedSeconds: []
        }
    }

    /// One sentence for whoever reads the page.
    package var help: String {
        switch self {
        case .node: "1, with the node's name and the number of its build."
        case .calls: "Calls answered, by name, by the code and by the HTTP status of the answer."
        case .callSeconds: "From a call's arrival to its answer."
        case .items: "Items of calls, by what became of them: OK or the error code."
        case .unknownOutcomes:
            "Commits whose answer was lost, by how that was settled: committed, never, or unsettled in time."
        case .databaseErrors: "Failed statements and connections, by the class of the SQLSTATE."
        case .connectionsOpened: "Connections opened to the database."
        case .poolConnections: "Connections to the database, by state."
        case .poolWaiting: "Leases that wait for a connection."
        case .feedLagSeconds: "Age of the oldest decision that the provider's feed has no position for yet."
        case .oldestUndecidedSeconds: "Age of the oldest pending charge without a decision."
        }
    }
}

/// Counts what is in the list of `Metric`, and writes it for Prometheus.
package struct MetricsRecorder: Sendable {
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
