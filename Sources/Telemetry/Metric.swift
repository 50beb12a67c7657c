/// The metrics of the service with their labels; docs/metrics.md is their list for people. There are no others. No label
/// value comes from a client: operators, numbers and paths are not labels.
///
/// Names follow Prometheus's rules: base units, `_total` for counters, `_info` for a gauge that only has labels. The
/// metrics of the process have the names that every exporter gives them.
package enum Metric: String, CaseIterable, Sendable {
    case nodeInfo = "countersign_node_info"
    case calls = "countersign_calls_total"
    case callsUnderWay = "countersign_calls_under_way"
    case callSeconds = "countersign_call_seconds"
    case items = "countersign_items_total"
    case httpConnections = "countersign_http_connections"
    case httpConnectionsLimit = "countersign_http_connections_limit"
    case boundsMet = "countersign_bounds_met_total"
    case transfers = "countersign_transfers_total"
    case transferBytes = "countersign_transfer_bytes_total"
    case queuedCalls = "countersign_queued_calls"
    case batchCalls = "countersign_batch_calls"
    case batchItems = "countersign_batch_items"
    case batchSeconds = "countersign_batch_seconds"
    case batchLockTimeouts = "countersign_batch_lock_timeouts_total"
    case lockedItems = "countersign_locked_items_total"
    case unknownOutcomes = "countersign_unknown_outcomes_total"
    case databaseUp = "countersign_database_up"
    case databaseErrors = "countersign_database_errors_total"
    case connectionsOpened = "countersign_connections_opened_total"
    case poolConnections = "countersign_pool_connections"
    case poolConnectionsLimit = "countersign_pool_connections_limit"
    case poolWaiting = "countersign_pool_waiting"
    case clockOffsetSeconds = "countersign_clock_offset_seconds"
    case feedLagSeconds = "countersign_feed_lag_seconds"
    case unpublishedDecisions = "countersign_unpublished_decisions"
    case oldestUndecidedSeconds = "countersign_oldest_undecided_seconds"
    case oldestTakenSeconds = "countersign_oldest_taken_seconds"
    case statementLagSeconds = "countersign_statement_lag_seconds"
    case policiesLastRun = "countersign_policies_last_run_timestamp_seconds"
    case processCPUSeconds = "process_cpu_seconds_total"
    case processResidentMemory = "process_resident_memory_bytes"
    case processVirtualMemory = "process_virtual_memory_bytes"
    case processOpenDescriptors = "process_open_fds"
    case processMaximumDescriptors = "process_max_fds"
    case processStartTime = "process_start_time_seconds"

    /// The type of a metric.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package var kind: Kind {
        if rawValue.hasSuffix("_total") { return .counter }
        return switch self {
        case .callSeconds, .batchCalls, .batchItems, .batchSeconds: .histogram
        default: .gauge
        }
    }

    /// The names of the metric's labels, in order.
    package var labels: [String] {
        switch self {
        case .nodeInfo: ["node", "build"]
        case .calls: ["call", "code", "http_status"]
        case .callsUnderWay, .callSeconds: ["call"]
        case .items: ["call", "result"]
        case .httpConnections: ["side", "state"]
        case .httpConnectionsLimit: ["side"]
        case .boundsMet: ["side", "bound"]
        case .transfers: ["direction", "result"]
        case .transferBytes: ["direction"]
        case .queuedCalls: ["queue"]
        case .batchSeconds: ["path"]
        case .lockedItems: ["event"]
        case .unknownOutcomes: ["resolution"]
        case .databaseErrors: ["class"]
        case .connectionsOpened, .poolConnectionsLimit: ["pool"]
        case .poolConnections: ["pool", "state"]
        case .poolWaiting: ["pool", "kind"]
        default: []
        }
    }

    /// The values of the labels of the series that every node has, whatever its calls and pools; those are declared by
    /// what counts them.
    var ownSeries: [[String]] {
        switch self {
        case .queuedCalls: [["decisions"], ["acknowledgements"], ["passwords"], ["transfers"]]
        case .transfers:
            ["complete", "client_gone", "too_slow", "stopped", "failed"].flatMap {
                [["download", $0], ["upload", $0]]
            }
        case .transferBytes: [["download"], ["upload"]]
        case .batchSeconds: [["fast"], ["slow"]]
        case .lockedItems: [["found"], ["kept_out"], ["forgotten"]]
        case .unknownOutcomes: [["committed"], ["aborted"], ["unresolved"]]
        default: labels.isEmpty ? [[]] : []
        }
    }

    /// The upper bounds of a histogram's buckets.
    var bounds: [Double] {
        switch self {
        // A call is answered within 10 s.
        case .callSeconds, .batchSeconds:
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        case .batchCalls, .batchItems: [1, 2, 5, 10, 20, 50, 100, 150, 250, 500, 1000, 2500, 5000]
        default: []
        }
    }
}
