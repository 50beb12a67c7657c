import Authentication
import ArgumentParser
import Charges
import ChargeStore

/// `countersign operator …`
struct OperatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator", abstract: "Manages the operators, the companies that bill for the provider.",
        subcommands: [
            OperatorAddCommand.self, OperatorListCommand.self, OperatorSetCommand.self,
            OperatorSuspendCommand.self, OperatorResumeCommand.self,
        ])
}

/// `countersign operator add`
struct OperatorAddCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds an operator.",
        discussion: "Example: countersign operator add ACME --currency EUR")

    @Argument(help: "The operator's code: 1 to 64 visible ASCII characters.")
    var code: String

    @Option(help: "The currency that the operator's customers pay in, such as EUR.")
    var currency: String

    @Option(
        help:
            "What happens to charges that stay undecided for longer than the window: hold, accept or decline."
    )
    var undecided: UndecidedPolicy = .hold

    @Option(help: "How long a charge may stay undecided: a number followed by s, m, h or d.")
    var window: TimeSpan = TimeSpan(seconds: 72 * 3600)

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        try session.addOperator(
            code: code, currency: currency, undecidedPolicy: undecided, undecidedWindowSeconds: window.seconds
        )
        Terminal.say("Operator \(code) was added.")
    }
}

extension UndecidedPolicy: ExpressibleByArgument {}

/// `countersign operator list`
struct OperatorListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the operators and their settings.")

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let rows = try session.operators().map { one in
            [
                one.code, one.currency, one.undecidedPolicy.rawValue,
                TimeSpan(seconds: one.undecidedWindowSeconds).text,
                one.errorStatusPolicy?.rawValue ?? OperatorSetCommand.HTTPStatus.byDefault,
                one.repeatedDecisionsSucceed ? "success" : "failure", one.createdOn.text,
                one.suspendedOn?.text, one.zone,
            ]
        }
        Listing(
            columns: [
                .init("operator", .bold), .init("currency"), .init("undecided", .cyan), .init("window"),
                .init("http_status"), .init("repeat"), .init("created_on", .dim),
                .init("suspended_on", .yellow), .init("zone"),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign operator set`
struct OperatorSetCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Changes the settings of an operator.",
        discussion: """
            Prints how many undecided charges the policy will decide, and when. A change of the policy or of the \
            window restarts the window of every undecided charge.

            Example: countersign operator set ACME --undecided accept --window 72h
            """)

    /// The HTTP status of errors. `default` means the node's setting.
    enum HTTPStatus: String, ExpressibleByArgument, CaseIterable {
        case standard
        case always200 = "always-200"
        case nodes = "default"

        static let byDefault = HTTPStatus.nodes.rawValue

        var policy: ErrorStatusPolicy? { ErrorStatusPolicy(rawValue: rawValue) }
    }

    /// The result of a repeated decision.
    enum Repeat: String, ExpressibleByArgument, CaseIterable {
        case failure, success
    }

    @Argument(help: "The operator's code.")
    var code: String

    @Option(
        help:
            "What happens to charges that stay undecided for longer than the window: hold, accept or decline."
    )
    var undecided: UndecidedPolicy?

    @Option(help: "How long a charge may stay undecided: a number followed by s, m, h or d.")
    var window: TimeSpan?

    @Option(help: "The HTTP status of errors: standard, always-200, or default for the node's setting.")
    var httpStatus: HTTPStatus?

    @Option(
        name: .customLong("repeat"),
        help: "The result of repeating the decision that a charge already has: failure or success.")
    var repeated: Repeat?

    @Option(help: "The currency that the operator's customers pay in, such as EUR.")
    var currency: String?

    // An offset may begin with a minus sign.
    @Option(
        parsing: .unconditional,
        help: """
            The zone whose days end the operator's statements, such as Europe/Athens. It counts from the end of the \
            statement under way.
            """)
    var zone: String?

    @OptionGroup var database: DatabaseOptions

    private var change: OperatorChange {
        var change = OperatorChange()
        change.undecidedPolicy = undecided
        change.undecidedWindowSeconds = window?.seconds
        change.currency = currency
        change.errorStatusPolicy = httpStatus.map(\.policy)
        change.repeatedDecisionsSucceed = repeated.map { $0 == .success }
        change.zone = zone
        return change
    }

    func validate() throws {
        guard !change.isEmpty else {
            throw ValidationError("Give at least one setting to change; --help lists them.")
        }
    }

    func run(_ session: AdministrationSession) throws {
        try session.change(operator: code, change)
        Terminal.say("Operator \(code) was changed.")
        Terminal.say(Self.forecast(try session.operatorOverview(code: code)))
    }

    /// The sentences that say what the policy will do with the charges that are undecided now.
    ///
    /// - Parameter whose: The words before the number of charges.
    static func forecast(_ one: OperatorOverview, whose: String = "Its") -> String {
        guard one.undecidedCount > 0, let first = one.firstDueOn, let last = one.lastDueOn else {
            return "It has no undecided charges."
        }
        let charges =
            one.undecidedCount == 1 ? "1 undecided charge" : "\(one.undecidedCount) undecided charges"
        let action: String
        switch one.undecidedPolicy {
        case .hold: return "\(whose) \(charges) will stay undecided."
        case .accept: action = "accepted"
        case .decline: action = "declined"
        }
        let time = first.text == last.text ? "at \(first.text)" : "from \(first.text) to \(last.text)"
        let exception =
            one.suspendedOn == nil
            ? "" : " No policy decides while it is suspended; resuming restarts its windows."
        return "\(whose) \(charges) will be \(action) \(time) UTC unless it decides them first.\(exception)"
    }
}

/// `countersign operator suspend`
struct OperatorSuspendCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Suspends an operator; its tokens become invalid within a second.",
        discussion: "A suspended operator still receives charges and outcomes. No policy decides for it.")

    @Argument(help: "The operator's code.")
    var code: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(operator: code, true)
        Terminal.say("Operator \(code) \(changed ? "was suspended" : "is already suspended").")
    }
}

/// `countersign operator resume`
struct OperatorResumeCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Resumes a suspended operator; it has to log in again.")

    @Argument(help: "The operator's code.")
    var code: String

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        let changed = try session.setSuspension(operator: code, false)
        Terminal.say("Operator \(code) \(changed ? "was resumed" : "is not suspended").")
    }
}
