import ArgumentParser
import Authentication
import ChargeStore
import Charges

/// `countersign activity …`
struct ActivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activity", abstract: "Shows sign-ins, and who changed which accounts.",
        subcommands: [ActivityListCommand.self])
}

/// `countersign activity list`
struct ActivityListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the last activity of one operator or of all operators, newest first.",
        discussion: """
            Activity is a sign-in to the console, or a change of an account, a role, a key, a policy, a setting or a \
            suspension, wherever it was made. It is kept for 400 days. The list of all operators also has what is the \
            service's own, such as provider keys.

            Example: countersign activity list --operator ACME --kind SIGN_IN_FAILED
            """)

    @Option(name: .customLong("operator"), help: "The operator's code. The default is all operators.")
    var operatorCode: String?

    @Option(help: "The kind to list, such as USER_ADDED. The default is all kinds.")
    var kind: ActivityKind?

    @Option(help: "The maximum number of rows.")
    var limit: Int = 100

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run(_ session: AdministrationSession) throws {
        let rows = try session.activity(operatorCode: operatorCode, kind: kind, count: limit).map {
            [
                $0.activity.madeOn.text, $0.operatorCode, $0.activity.kind.rawValue,
                $0.activity.channel.rawValue, $0.activity.actor, $0.activity.subject, $0.activity.address,
                $0.activity.oldValue, $0.activity.newValue, "\($0.activity.count)",
            ]
        }
        Listing(
            columns: [
                .init("made_on", .dim), .init("operator"), .init("kind", .bold), .init("channel"),
                .init("actor"), .init("subject"), .init("address"), .init("old_value"), .init("new_value"),
                .init("count"),
            ], rows: rows
        ).show(format)
    }
}

extension ActivityKind: ExpressibleByArgument {}
