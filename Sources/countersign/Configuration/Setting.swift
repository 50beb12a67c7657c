/// One thing that can be set: by a flag, in the environment, or in the file.
enum Setting: String, CaseIterable {
    case database
    case host
    case port
    case internalPort = "internal-port"
    case connections
    case batching
    case decisionTransactions = "decision-transactions"
    case chargesPerTransaction = "charges-per-transaction"
    case queueLength = "queue-length"
    case queueLengthPerOperator = "queue-length-per-operator"
    case callTimeoutMilliseconds = "call-timeout-milliseconds"
    case bodyTimeoutMilliseconds = "body-timeout-milliseconds"
    case lockWaitMilliseconds = "lock-wait-milliseconds"
    case errorsHTTPStatus = "errors-http-status"
    case nodeName = "node-name"
    case trustedProxies = "trusted-proxies"
    case drainMilliseconds = "drain-milliseconds"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// Its name in the environment.
    var environmentName: String {
        switch self {
        case .database: "DATABASE_URL"
        default: "COUNTERSIGN_" + rawValue.uppercased().replacing("-", with: "_")
        }
    }

    /// What holds if nothing is said; `nil` where something must be.
    var defaultValue: String? {
        switch self {
        case .database: nil
        case .host: "127.0.0.1"
        case .port: "8080"
        case .internalPort: "8081"
        case .connections: "8"
        case .batching: "on"
        case .decisionTransactions: "2"
        case .chargesPerTransaction: "500"
        case .queueLength: "1024"
        case .queueLengthPerOperator: "256"
        case .callTimeoutMilliseconds: "10000"
        case .bodyTimeoutMilliseconds: "5000"
        case .lockWaitMilliseconds: "1000"
        case .errorsHTTPStatus: "standard"
        case .nodeName, .trustedProxies: ""
        case .drainMilliseconds: "0"
        case .logLevel: "info"
        case .logFormat: "auto"
        }
    }

    /// What it means, for `--help`.
    var meaning: String {
        switch self {
        case .database: "The database: what libpq takes, keyword=value pairs or a postgresql:// URI."
        case .host: "The address to listen on."
        case .port: "The operators' port; 0 takes any free one."
        case .internalPort: "The internal port; 0 takes any free one."
        case .connections: "The most connections to the database."
        case .batching:
            "Whether calls that wait are decided together, on or off. If off, each call is a transaction of its own, on any connection."
        case .decisionTransactions: "The most transactions under way that decide calls together."
        case .chargesPerTransaction:
            "The most charges that one of them takes, 150 at most unless one operator alone calls; a single call is never split."
        case .queueLength: "The most calls that wait for a connection."
        case .queueLengthPerOperator: "The most calls of one operator that wait for a connection."
        case .callTimeoutMilliseconds: "By when every call is answered."
        case .bodyTimeoutMilliseconds: "By when a request's body must have arrived."
        case .lockWaitMilliseconds: "How long a call waits for charges that others hold."
        case .errorsHTTPStatus:
            "The HTTP status of errors to operators that do not say otherwise: standard or always-200."
        case .nodeName:
            "The node's name in the log, the metrics and pg_stat_activity; by default the machine's and the port."
        case .trustedProxies:
            "Addresses and networks, with commas between, whose X-Forwarded-For is believed."
        case .drainMilliseconds:
            "How long a node that is told to stop still takes calls while /readyz says 503, for a balancer to notice."
        case .logLevel: "The least that is logged: trace, debug, info, notice, warning, error, critical."
        case .logFormat: "text, json, or auto: text on a terminal, JSON lines elsewhere."
        }
    }

    /// The whole help: the meaning, the environment's name, the default.
    var help: String {
        let fallback = defaultValue.map { $0.isEmpty ? "" : "; default \($0)" } ?? ""
        return "\(meaning) (environment \(environmentName)\(fallback))"
    }

    /// The numbers that a setting may have; `nil` for one that is no number.
    var bounds: ClosedRange<Int>? {
        switch self {
        case .port, .internalPort: 0...65_535
        case .connections, .decisionTransactions: 1...256
        case .chargesPerTransaction: 1...5000
        case .queueLength, .queueLengthPerOperator: 1...100_000
        case .callTimeoutMilliseconds: 100...60_000
        case .bodyTimeoutMilliseconds: 100...60_000
        case .lockWaitMilliseconds: 1...30_000
        case .drainMilliseconds: 0...60_000
        case .database, .host, .batching, .errorsHTTPStatus, .nodeName, .trustedProxies, .logLevel,
            .logFormat:
            nil
        }
    }

    /// The words that a setting may be; `nil` for one that is free.
    var choices: [String]? {
        switch self {
        case .batching: ["on", "off"]
        case .errorsHTTPStatus: ["standard", "always-200"]
        case .logLevel: ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        case .logFormat: ["auto", "text", "json"]
        default: nil
        }
    }
}
