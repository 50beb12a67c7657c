import ArgumentParser
import Foundation
import Logging
import EmbeddedPostgres

/// `countersign dev`
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Runs a node with a database of its own and data to look at.",
        discussion: """
            Starts a private PostgreSQL in the folder .countersign, fills it with three operators and three \
            months of charges, serves, and prints a login and a call to try. The PostgreSQL stops with it; the next start \
            finds its data again.
            """)

    @OptionGroup var ports: PortOptions

    @Flag(help: "Throw the data of earlier starts away first.")
    var reset = false

    @Option(
        help: ArgumentHelp(Setting.logLevel.meaning, valueName: "level"))
    var logLevel = Self.defaultLogLevel

    /// A person at a terminal wants to see what goes wrong, not each call.
    private static let defaultLogLevel = "warning"

    func run() async throws {
        var flags = ports.flags
        flags[.logLevel] = logLevel
        let settings = try SettingsReader(
            flags: flags.compactMapValues(\.self), environment: ProcessInfo.processInfo.environment,
            filePath: nil
        ).read()
        let directory = try CommandFailure.wrapping {
            try EmbeddedPostgres.usableDirectory(FileManager.default.currentDirectoryPath + "/.countersign")
        }
        let server = try CommandFailure.wrapping {
            if reset { try EmbeddedPostgres.remove(directory) }
            var configuration = EmbeddedPostgres.Configuration(directory: directory)
            configuration.endsWithParent = true
            return try EmbeddedPostgres(configuration)
        }
        let database = DemoDatabase(server: server)
        defer { server.stop() }
        Terminal.say("Starting PostgreSQL in \(directory) …")
        try database.start()
        try await Node(settings: settings, database: database.connectionString, logger: Logger(settings)).run
        { port in
            Terminal.show(DemoGreeting(host: settings.text(.host), port: port).text)
        }
        Terminal.say("Stopped.")
    }
}
