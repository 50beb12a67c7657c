import StrictJSON
import ArgumentParser
import HTTPFront
import Logging

/// `countersign serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs one node of the service, in the foreground.",
        discussion: """
            Every setting can be given by a flag, in the environment or in the configuration file; a flag goes \
            before the environment, and that before the file. The node starts without its database and waits for \
            it. SIGTERM or SIGINT ends it once the calls under way have ended.

            Example: DATABASE_URL=postgresql://node@db/countersign countersign serve
            """)

    @OptionGroup var ports: PortOptions
    @OptionGroup var node: NodeOptions
    @OptionGroup var database: DatabaseOptions

    @Flag(help: "Print every setting, its value and where it came from, secrets hidden, and end.")
    var printConfiguration = false

    @Option(help: "How --print-configuration prints: text or json.")
    var format: ChargesShowCommand.Format = .text

    func run() async throws {
        let settings = try database.settings(
            ports.flags.merging(node.flags) { flag, _ in flag })
        if printConfiguration {
            print(shown(settings))
            return
        }
        try await Node(settings: settings, database: try settings.database(), logger: Logger(settings)).run()
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
