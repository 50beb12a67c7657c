import Authentication
import ChargeStore
import Charges
import HTTPFront
import Logging

/// The settings of the service, a row each. The type of a row's values follows from how its text is read.
///
/// Every setting can be given as a flag, in the environment and in the configuration file, and is listed by
/// `serve --help` and `serve --print-configuration`. `Settings` has its value under the row's name.
struct SettingTable: Sendable {
    let database = Setting(
        "database", .connectionString, default: "", valueName: "connection",
        "The database's connection string as in libpq: keyword=value pairs or a postgresql:// URI. Every user of the "
            + "machine sees a flag's value.")
    let databasePooler = Setting(
        "database-pooler", .choice(DatabasePooler.self), default: "none", valueName: "mode",
        "The pooler before the database: transaction for PgBouncer in transaction mode, else none.")
    let host = Setting(
        "host", .text, default: "127.0.0.1", valueName: "address", "The address to listen on.")
    let port = Setting(
        "port", .number(0...65_535), default: "8080", valueName: "port",
        "The operators' port. 0 chooses a free port.")
    let internalPort = Setting(
        "internal-port", .number(0...65_535), default: "8081", valueName: "port",
        "The internal port. 0 chooses a free port.")
    let adminHost = Setting(
        "admin-host", .text, default: "127.0.0.1", valueName: "address",
        "The address on which the pages for administrators of the service listen.")
    let adminPort = Setting(
        "admin-port", .optionalPort, default: "", valueName: "port",
        "The port of the pages for administrators of the service, usually 8082. 0 chooses a free port; without one they "
            + "are not served.")
    let administrationDatabase = Setting(
        "administration-database", .connectionString, default: "", valueName: "connection",
        "The connection string for those pages, of a login in the role countersign_administration. Without one they say "
            + "that it is missing.")
    let reportingDatabase = Setting(
        "reporting-database", .connectionString, default: "", valueName: "connection",
        "The connection string for the reports on those pages, of a login in the role countersign_reporting.")
    let connections = Setting(
        "connections", .number(1...256), default: "8", valueName: "count",
        "The maximum number of connections to the database.")
    let batching = Setting(
        "batching", .switch, default: "on", valueName: "on-or-off",
        "Whether waiting calls share a transaction, on or off. If off, each call has its own transaction.")
    let decisionTransactions = Setting(
        "decision-transactions", .number(1...256), default: "2", valueName: "count",
        "The maximum number of concurrent transactions that decide calls together.")
    let chargesPerTransaction = Setting(
        "charges-per-transaction", .number(1...5000), default: "500", valueName: "count",
        "The maximum number of charges in one of them, at most 150 unless only one operator calls.")
    let queueLength = Setting(
        "queue-length", .number(1...100_000), default: "1024", valueName: "count",
        "The maximum number of calls that wait for a connection.")
    let queueLengthPerOperator = Setting(
        "queue-length-per-operator", .number(1...100_000), default: "256", valueName: "count",
        "The maximum number of calls of one operator that wait for a connection.")
    let callTimeoutMilliseconds = Setting(
        "call-timeout-milliseconds", .number(100...60_000), default: "10000", valueName: "milliseconds",
        "The time within which every call is answered.")
    let headerTimeoutMilliseconds = Setting(
        "header-timeout-milliseconds", .number(100...60_000), default: "5000", valueName: "milliseconds",
        "The time within which a request's header must arrive, from its first byte on.")
    let bodyTimeoutMilliseconds = Setting(
        "body-timeout-milliseconds", .number(100...60_000), default: "5000", valueName: "milliseconds",
        "The time within which a request's body must arrive.")
    let lockWaitMilliseconds = Setting(
        "lock-wait-milliseconds", .number(1...30_000), default: "1000", valueName: "milliseconds",
        "How long a call waits for charges that other transactions have locked.")
    let slowBatchMilliseconds = Setting(
        "slow-batch-milliseconds", .number(1...60_000), default: "1000", valueName: "milliseconds",
        "The time beyond which a batch of decisions is logged, from its first call's arrival to its commit.")
    let errorsHTTPStatus = Setting(
        "errors-http-status", .choice(ErrorStatusPolicy.self), default: "standard", valueName: "policy",
        "The HTTP status of errors for operators without their own setting: standard or always-200.")
    let nodeName = Setting(
        "node-name", .nodeName, default: "", valueName: "name",
        "The node's name in the log, the metrics and pg_stat_activity. The default is the host name and the port."
    )
    let trustedProxies = Setting(
        "trusted-proxies", .networks, default: "", valueName: "networks",
        "Addresses and networks, separated by commas, whose X-Forwarded-For and Forwarded headers are trusted."
    )
    let httpConnectionsPerAddress = Setting(
        "http-connections-per-address", .number(1...100_000), default: "512", valueName: "count",
        "The maximum number of clients' connections from one address, or IPv6 /64, to each port. Trusted proxies may "
            + "have any number.")
    let loginsPerAddress = Setting(
        "logins-per-address", .number(1...1000), default: "16", valueName: "count",
        "The maximum number of logins with a password that are under way from one address, or IPv6 /64.")
    let drainMilliseconds = Setting(
        "drain-milliseconds", .number(0...60_000), default: "0", valueName: "milliseconds",
        "How long a stopping node still accepts calls while /readyz returns 503, so that a load balancer notices."
    )
    let logLevel = Setting(
        "log-level", .choice(Logger.Level.self), default: "info", valueName: "level",
        "The lowest level that is logged: trace, debug, info, notice, warning, error, critical.")
    let logFormat = Setting(
        "log-format", .choice(LogFormat.self), default: "auto", valueName: "format",
        "The log format: text, json, or auto, which is text on a terminal and JSON lines elsewhere.")

    /// The table itself.
    static let shared = SettingTable()

    /// The rows, in their order.
    static let rows = Mirror(reflecting: shared).children.compactMap { $0.value as? any SettingRow }
}

/// One setting: its name, how its text is read, its default and its description.
struct Setting<Value>: SettingRow {
    /// The name as a flag and in the configuration file.
    let name: String
    let type: SettingType<Value>
    let defaultText: String
    /// The word for the value in the help.
    let valueName: String
    /// The description for the help.
    let meaning: String

    init(
        _ name: String, _ type: SettingType<Value>, default defaultText: String, valueName: String,
        _ meaning: String
    ) {
        self.name = name
        self.type = type
        self.defaultText = defaultText
        self.valueName = valueName
        self.meaning = meaning
    }

    var choices: [String] { type.choices }
    var isSecret: Bool { type.isSecret }

    func problem(_ text: String) -> String? {
        do throws(SettingProblem) {
            _ = try type.read(text)
            return nil
        } catch {
            return error.text
        }
    }
}

/// A setting of any type.
protocol SettingRow: Sendable {
    var name: String { get }
    var defaultText: String { get }
    var valueName: String { get }
    var meaning: String { get }
    /// All texts that the setting can have, where there are few.
    var choices: [String] { get }
    /// Whether the value may contain a password.
    var isSecret: Bool { get }

    /// What is wrong with a text; `nil` if the setting can have it.
    func problem(_ text: String) -> String?
}

extension SettingRow {
    /// Whether it is the database that every command uses, whose variable other programs know too.
    var isDatabase: Bool { name == SettingTable.shared.database.name }

    /// The name of its environment variable.
    var environmentName: String {
        isDatabase ? "DATABASE_URL" : "COUNTERSIGN_" + name.uppercased().replacing("-", with: "_")
    }
}
