import StrictJSON
import ArgumentParser
import HTTPFront
import Logging

/// `countersign serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs one node of the service in the foreground.",
        discussion: """
            Every setting can be given as a flag, in the environment or in the configuration file. A flag overrides \
            the environment, and the environment overrides the file. The node starts without its database and \
            waits for it. On SIGTERM or SIGINT the node finishes the calls in progress and stops. A second signal \
            stops it at once.

            Example: DATABASE_URL=postgresql://node@db/countersign countersign serve
            """)

    @OptionGroup var ports: PortOptions
    @OptionGroup var node: NodeOptions
    @OptionGroup var database: DatabaseOptions

    @Flag(help: "Print every setting with its value and source, without secrets, and exit.")
    var printConfiguration = false

    @Option(help: "The output format of --print-configuration: text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let settings = try settings()
        if printConfiguration {
            print(shown(settings))
            return
        }
        try await Node(
            settings: settings, database: try settings.requiredDatabase(), logger: Logger(settings)
        ).run()
    }

    func settings() throws(CommandFailure) -> Settings {
        try database.settings(ports.flags.merging(node.flags) { flag, _ in flag })
    }

    private func shown(_ settings: Settings) -> String {
        guard format == .json else {
            return Table(
                styles: [.cyan, .bold, .dim], rows: settings.shown.map { [$0.name, $0.value, $0.origin] }
            ).text
        }
        let members = settings.shown.map { name, value, origin in
            JSONValue.Member(
                name, .object([.init("value", .string(value)), .init("origin", .string(origin))]))
        }
        return JSONValue.object(members).text
    }
}
