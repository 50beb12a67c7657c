import ArgumentParser
import Foundation

/// The options of every command that uses a database: the database and the configuration file.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Setting.database.help, valueName: "connection"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "A JSON file of settings, such as {\"port\": 9000}. (environment COUNTERSIGN_CONFIGURATION)",
            valueName: "file"))
    var configuration: String?

    /// All settings. These options and further flags override the environment and the file.
    func settings(_ flags: [Setting: String?] = [:]) throws(CommandFailure) -> Settings {
        var given = flags.compactMapValues(\.self)
        given[.database] = database
        let environment = ProcessInfo.processInfo.environment
        return try SettingsReader(
            flags: given, environment: environment,
            filePath: configuration ?? environment["COUNTERSIGN_CONFIGURATION"]
        ).read()
    }
}

/// The options of the commands that run a node: the ports.
struct PortOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Setting.port.help))
    var port: String?

    @Option(help: ArgumentHelp(Setting.internalPort.help, valueName: "port"))
    var internalPort: String?

    var flags: [Setting: String?] { [.port: port, .internalPort: internalPort] }
}

/// The other options of a node.
struct NodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp(Setting.host.help, valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp(Setting.connections.help, valueName: "count"))
    var connections: String?

    @Option(help: ArgumentHelp(Setting.batching.help, valueName: "on-or-off"))
    var batching: String?

    @Option(help: ArgumentHelp(Setting.decisionTransactions.help, valueName: "count"))
    var decisionTransactions: String?

    @Option(help: ArgumentHelp(Setting.chargesPerTransaction.help, valueName: "count"))
    var chargesPerTransaction: String?

    @Option(help: ArgumentHelp(Setting.queueLength.help, valueName: "count"))
    var queueLength: String?

    @Option(help: ArgumentHelp(Setting.queueLengthPerOperator.help, valueName: "count"))
    var queueLengthPerOperator: String?

    @Option(help: ArgumentHelp(Setting.callTimeoutMilliseconds.help, valueName: "milliseconds"))
    var callTimeoutMilliseconds: String?

    @Option(help: ArgumentHelp(Setting.bodyTimeoutMilliseconds.help, valueName: "milliseconds"))
    var bodyTimeoutMilliseconds: String?

    @Option(help: ArgumentHelp(Setting.lockWaitMilliseconds.help, valueName: "milliseconds"))
    var lockWaitMilliseconds: String?

    @Option(
        name: .customLong(Setting.errorsHTTPStatus.rawValue),
        help: ArgumentHelp(Setting.errorsHTTPStatus.help, valueName: "policy"))
    var errorsHTTPStatus: String?

    @Option(help: ArgumentHelp(Setting.nodeName.help, valueName: "name"))
    var nodeName: String?

    @Option(help: ArgumentHelp(Setting.trustedProxies.help, valueName: "networks"))
    var trustedProxies: String?

    @Option(help: ArgumentHelp(Setting.drainMilliseconds.help, valueName: "milliseconds"))
    var drainMilliseconds: String?

    @Option(help: ArgumentHelp(Setting.logLevel.help, valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp(Setting.logFormat.help, valueName: "format"))
    var logFormat: String?

    var flags: [Setting: String?] {
        [
            .host: host, .connections: connections, .batching: batching,
            .decisionTransactions: decisionTransactions, .chargesPerTransaction: chargesPerTransaction,
            .queueLength: queueLength,
            .queueLengthPerOperator: queueLengthPerOperator,
            .callTimeoutMilliseconds: callTimeoutMilliseconds,
            .bodyTimeoutMilliseconds: bodyTimeoutMilliseconds, .lockWaitMilliseconds: lockWaitMilliseconds,
            .errorsHTTPStatus: errorsHTTPStatus,
            .nodeName: nodeName, .trustedProxies: trustedProxies, .drainMilliseconds: drainMilliseconds,
            .logLevel: logLevel, .logFormat: logFormat,
        ]
    }
}
