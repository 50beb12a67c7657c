/// The metrics of the service with their labels. There are no others. No label value comes from a client: operators,
/// numbers and paths are not labels.
package enum Metric: String, CaseIterable, Sendable {
    case node = "countersign_node"
    case calls = "countersign_calls_total"
    case callSeconds = "countersign_call_seconds"
    case items = "countersign_items_total"
    case unknownOutcomes = "countersign_unknown_outcomes_total"
    case batchLockTimeouts = "countersign_batch_lock_timeouts_total"
    case lockedItems = "countersign_locked_items_total"
    case databaseErrors = "countersign_database_errors_total"
    case connectionsOpened = "countersign_connections_opened_total"
    case poolConnections = "countersign_pool_connections"
    case poolWaiting = "countersign_pool_waiting"
    case clockOffsetSeconds = "countersign_clock_offset_seconds"
    case feedLagSeconds = "countersign_feed_lag_seconds"
    case oldestUndecidedSeconds = "countersign_oldest_undecided_seconds"

    /// The type of a metric.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package var kind: Kind {
        switch self {
        case .calls, .items, .unknownOutcomes, .batchLockTimeouts, .lockedItems, .databaseErrors,
            .connectionsOpened:
            .counter
        case .callSeconds: .histogram
        case .node, .poolConnections, .poolWaiting, .clockOffsetSeconds, .feedLagSeconds,
            .oldestUndecidedSeconds:
            .gauge
        }
    }

    /// The names of the metric's labels, in order.
    package var labels: [String] {
        switch self {
        case .node: ["node", "build"]
        case .calls: ["call", "code", "http_status"]
        case .callSeconds: ["call"]
        case .items: ["call", "result"]
        case .unknownOutcomes: ["resolution"]
        case .lockedItems: ["event"]
        case .databaseErrors: ["class"]
        case .connectionsOpened: ["pool"]
        case .poolConnections: ["pool", "state"]
        case .poolWaiting: ["pool"]
        case .batchLockTimeouts, .clockOffsetSeconds, .feedLagSeconds, .oldestUndecidedSeconds: []
        }
    }

    /// The help text on the page.
    package var help: String {
        switch self {
        case .node: "1, with the node's name and the number of its build."
        case .calls: "Calls answered, by name, code and HTTP status."
        case .callSeconds: "Time from the arrival of a call to its response."
        case .items: "Items of calls, by result: OK or the error code."
        case .unknownOutcomes:
            "Commits whose response was lost, by their resolution."
        case .batchLockTimeouts: "Batches that waited in vain for a lock of another session."
        case .lockedItems:
            "Items that other sessions were found to hold, that stayed out of a batch since, and that were forgotten."
        case .databaseErrors: "Failed statements and connections, by the class of the SQLSTATE."
        case .connectionsOpened: "Connections opened to the database."
        case .poolConnections: "Connections to the database, by state."
        case .poolWaiting: "Leases that wait for a connection."
        case .clockOffsetSeconds:
            "Offset of the node's clock against the database's; positive if the node's is fast."
        case .feedLagSeconds: "Age of the oldest decision that the provider's feed has no position for yet."
        case .oldestUndecidedSeconds: "Age of the oldest pending charge without a decision."
        }
    }
}

/// The recorder of the metrics, which also renders them for Prometheus.
package struct MetricsRecorder: Sendable {
    private let registry = PrometheusRegistry()

    package init() {}

    /// Adds to a counter.
    ///
    /// - Parameter labels: The values of the metric's labels, in their order.
    package func count(_ metric: Metric, _ labels: [String], by amount: Int = 1) {
        guard amount > 0 else { return }
        series(metric, labels, .counter)?.increment(by: amount)
    }

    /// Adds a duration to a histogram.
    package func record(_ metric: Metric, _ labels: [String], _ duration: Duration) {
        series(metric, labels, .histogram)?.record(duration)
    }

    /// The page with these gauges, in Prometheus' text format, version 0.0.4.
    package func page(_ gauges: [Gauge]) -> String {
        for gauge in gauges {
            series(gauge.metric, gauge.labels, .gauge)?.set(gauge.value)
        }
        return registry.page()
    }

    /// The series of the registry.
    private func series(_ metric: Metric, _ labels: [String], _ kind: Metric.Kind) -> PrometheusSeries? {
        precondition(labels.count == metric.labels.count, "\(metric) has other labels")
        return registry.find(metric, labels, kind)
    }
}

/// A value that is read when the page is requested.
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
