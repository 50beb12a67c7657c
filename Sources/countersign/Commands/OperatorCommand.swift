import ArgumentParser
import ChargeStore
import Charges

/// `countersign operator …`
struct OperatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "The companies that bill for the provider.",
        subcommands: [
            OperatorAddCommand.self, OperatorListCommand.self, OperatorSetCommand.self,
            OperatorSuspendCommand.self, OperatorResumeCommand.self,
        ])
}

/// `countersign operator add`
struct OperatorAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds an operator.",
        discussion: "Example: countersign operator add ACME --currency EUR")

    @Argument(help: "The operator's code: 1 to 64 visible ASCII characters.")
    var code: String

    @Option(help: "The currency that the operator's customers pay in, such as EUR.")
    var currency: String

    @Option(
        help: "What becomes of charges left undecided for longer than the window: hold, accept or decline.")
    var undecided: UndecidedPolicy = .hold

    @Option(help: "How long a charge may stay undecided: a number and s, m, h or d.")
    var window: TimeSpan = TimeSpan(seconds: 72 * 3600)

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        try session.addOperator(
            code: code, currency: currency, undecidedPolicy: undecided, undecidedWindowSeconds: window.seconds
        )
        Terminal.say("Operator \(code) was added.")
    }
}

extension UndecidedPolicy: ExpressibleByArgument {}
