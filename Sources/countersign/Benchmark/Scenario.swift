import ArgumentParser

/// What can be measured.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    case overview, load, batch, list, open, flood, gathering, size, memory, reports, targets

    /// For `--help`.
    var meaning: String {
        switch self {
        case .overview: "1 and 50 charges a call in closed loop, and a lone call"
        case .load: "one load of your own: --items, --failing, --operators, --rate"
        case .batch: "50 charges a call against pgbench's yardsticks and the service's own statement"
        case .list: "lists of 50 against pgbench on the same SELECT"
        case .open: "open loop at half the highest rate, against a lone call"
        case .flood: "an operator's single calls with and without another one's flood"
        case .gathering: "1 charge a call, with gathering and without"
        case .size: "1 charge a call on 100 thousand charges and on --large-charges"
        case .memory: "a node's resident memory over --memory-seconds"
        case .reports:
            "every report on --large-charges, and calls at a quarter of their highest rate beside them"
        case .targets: "all from batch to size, and whether each reaches what is asked of it"
        }
    }

    /// What `targets` consists of.
    static let withTargets: [Scenario] = [.batch, .list, .open, .flood, .gathering, .size]

    /// Whether it stops and starts the node, looks into it, or needs a database of a size of its own.
    var needsPrivateNode: Bool {
        switch self {
        case .overview, .load, .batch, .list, .open, .flood: false
        case .gathering, .size, .memory, .reports, .targets: true
        }
    }
}
