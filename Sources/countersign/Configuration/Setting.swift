/// A setting of the service. It is given as a flag, in the environment, or in the configuration file.
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

    /// The name of its environment variable.
    var environmentName: String {
        switch self {
        case .database: "DATABASE_URL"
        default: "COUNTERSIGN_" + rawValue.uppercased().replacing("-", with: "_")
        }
    }

    /// The value of a setting that is not given; `nil` for a setting that must be given.
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

    /// The description for `--help`.
    var meaning: String {
        switch self {
        case .database:
            "The database's connection string as in libpq: keyword=value pairs or a postgresql:// URI."
        case .host: "The address to listen on."
        case .port: "The operators' port. 0 chooses a free port."
        case .internalPort: "The internal port. 0 chooses a free port."
        case .connections: "The maximum number of connections to the database."
        case .batching:
            "Whether waiting calls share a transaction, on or off. If off, each call has its own transaction."
        case .decisionTransactions:
            "The maximum number of concurrent transactions that decide calls together."
        case .chargesPerTransaction:
            "The maximum number of charges in one of them, at most 150 unless only one operator calls."
        case .queueLength: "The maximum number of calls that wait for a connection."
        case .queueLengthPerOperator:
            "The maximum number of calls of one operator that wait for a connection."
        case .callTimeoutMilliseconds: "The time within which every call is answered."
        case .bodyTimeoutMilliseconds: "The time within which a request's body must arrive."
        case .lockWaitMilliseconds: "How long a call waits for charges that other transactions have locked."
        case .errorsHTTPStatus:
            "The HTTP status of errors for operators without their own setting: standard or always-200."
        case .nodeName:
            "The node's name in the log, the metrics and pg_stat_activity. The default is the host name and the port."
        case .trustedProxies:
            "Addresses and networks, separated by commas, whose X-Forwarded-For header is trusted."
        case .drainMilliseconds:
            "How long a stopping node still accepts calls while /readyz returns 503, so that a load balancer notices."
        case .logLevel:
            "The lowest level that is logged: trace, debug, info, notice, warning, error, critical."
        case .logFormat:
            "The log format: text, json, or auto, which is text on a terminal and JSON lines elsewhere."
        }
    }

    /// The help text: the description, the environment variable and the default.
    var help: String {
        let fallback = defaultValue.map { $0.isEmpty ? "" : "; default \($0)" } ?? ""
        return "\(meaning) (environment \(environmentName)\(fallback))"
    }

    /// The allowed numbers; `nil` for a setting that is not a number.
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

    /// The allowed values; `nil` for a setting without a fixed list.
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
