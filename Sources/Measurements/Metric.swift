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
