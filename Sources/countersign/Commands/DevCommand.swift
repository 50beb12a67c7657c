import ArgumentParser
import Foundation
import Logging
import EmbeddedPostgres

/// `countersign dev`
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Runs a node with its own database and demo data.",
        discussion: """
            Starts a private PostgreSQL server in the folder .countersign, fills it with three operators and three \
            months of charges, starts a node, and prints its logins and an example call. The administration's \
            pages are on port 8082 unless --admin-port names another. The PostgreSQL server stops with the node. \
            The next start uses the same data.
            """)

    @OptionGroup var ports: PortOptions

    @Flag(help: "Delete the data of earlier starts first.")
    var reset = false

    @Option(
        help: ArgumentHelp(SettingTable.shared.logLevel.meaning, valueName: "level"),
        completion: .list(SettingTable.shared.logLevel.choices))
    var logLevel = Self.defaultLogLevel

    /// The level at which a person at a terminal sees problems, but not each call.
    private static let defaultLogLevel = "warning"

    /// The port of the administration's pages, which a node has only if it is told to.
    private static let defaultAdminPort = "8082"

    func run() async throws {
        var flags = ports.flags
        flags[SettingTable.shared.logLevel.name] = logLevel
        let environment = ProcessInfo.processInfo.environment
        let adminPort = SettingTable.shared.adminPort
        if ports.adminPort == nil, environment[adminPort.environmentName] == nil {
            flags[adminPort.name] = Self.defaultAdminPort
        }
        let settings = try SettingsReader(flags: flags, environment: environment, filePath: nil).read()
        try await settings.checkPorts()
        let directory = try CommandFailure.wrapping {
            try EmbeddedPostgres.usableDirectory(FileManager.default.currentDirectoryPath + "/.countersign")
        }
        let statistics = "pg_stat_statements"
        let countsStatements = try CommandFailure.wrapping {
            try ServerBinaries.locate().hasLibrary(statistics)
        }
        let server = try CommandFailure.wrapping {
            if reset { try EmbeddedPostgres.remove(directory) }
            var configuration = EmbeddedPostgres.Configuration(directory: directory)
            configuration.endsWithParent = true
            if countsStatements { configuration.settings["shared_preload_libraries"] = statistics }
            return try EmbeddedPostgres(configuration)
        }
        let database = DemoDatabase(server: server, countsStatements: countsStatements)
        defer { server.stop() }
        Terminal.say("Starting PostgreSQL in \(directory) …")
        try database.start()
        try await Node(
            settings: settings, database: database.connectionString,
            administrationDatabase: database.administrationConnectionString,
            reportingDatabase: database.reportingConnectionString, logger: Logger(settings)
        ).run { port in
            let greeting = DemoGreeting(
                host: settings.host, port: port, adminHost: settings.adminHost,
                adminPort: settings.adminPort.flatMap { $0 == 0 ? nil : $0 })
            Terminal.show(greeting.text)
        }
        Terminal.say("Stopped.")
    }
}
