import ArgumentParser
import ChargeStore
import Charges
import DelimitedText

/// `countersign reconcile …`
struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compares an operator's own file with its charges here.",
        discussion: """
            Without a subcommand, 'countersign reconcile FILE' compares a file.
            """,
        subcommands: [
            ReconcileFileCommand.self, ReconcileListCommand.self, ReconcileShowCommand.self,
            ReconcileCloseCommand.self,
        ],
        defaultSubcommand: ReconcileFileCommand.self)
}

/// `countersign reconcile FILE`
struct ReconcileFileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: "Compares a file with the charges that were decided in a period.",
        discussion: """
            The file is CSV in UTF-8 with a header, or NDJSON. Its columns, in any order: number or reference_number or \
            both, and any of billing_system_customer_identifier, amount, currency, local_currency_amount, \
            local_currency, decision, charge_status. Others are ignored. The first line of a CSV file shows whether \
            commas, semicolons or tabs are between the values; without commas, amounts may have a decimal comma.

            A period includes --from and excludes --to. Both are in the operator's zone: YYYY-MM-DD or \
            YYYY-MM-DDThh:mm:ss. docs/reconciliation.md says how rows and charges are paired and compared.

            The exit status is 0 if everything matches, 1 if the command failed, and 3 if there are differences.

            Example:
              countersign reconcile october.csv --operator ACME --from 2026-10-01 --to 2026-11-01
            """)

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The first day or moment of the period.", valueName: "date"))
    var from: String

    @Option(help: ArgumentHelp("The first day or moment after the period.", valueName: "date"))
    var to: String

    @Option(help: "The decisions that count here: ACCEPTED, DECLINED or ANY.")
    var decision: ReconciledDecision = .accepted

    @Option(help: "A name for people.")
    var name: String?

    @Option(
        help:
            "The file's format: csv or ndjson. The default is ndjson for a name that ends in .ndjson, and else csv."
    )
    var fileFormat: ReconciliationParameters.Format?

    @Option(help: "The output format: table, csv or json.")
    var format: ReconciliationOutput.Format = .table

    @OptionGroup var options: OperatorOptions

    func run() throws {
        let parameters = try parameters()
        let source = try ByteSource(path: file)
        let session = try AdministrationSession.open(options.database.settings())
        defer { session.close() }
        var bar = ProgressBar("reconciling", total: source.totalBytes == nil ? nil : Self.whole)
        defer { bar.finish() }
        let found = try session.reconcile(
            operatorCode: options.operatorCode, parameters,
            onStage: { stage in
                switch stage {
                case .reading(let bytes):
                    let share = Double(bytes) / Double(max(1, source.totalBytes ?? bytes))
                    bar.update(
                        done: Int(share * Double(Self.whole) / 2), note: "\(bytes / 1_000_000) MB read")
                case .comparing(let done, let total):
                    let share = Double(done) / Double(max(1, total))
                    bar.update(
                        done: Self.whole / 2 + Int(share * Double(Self.whole) / 2),
                        note: "\(done) rows compared")
                }
            }, next: { try source.nextPiece() })
        bar.finish()
        try ReconciliationOutput(format).write(
            found.reconciliation, found.totals, options.operatorCode, session)
        try found.reconciliation.refuseDifferences()
    }

    /// The whole of the bar: half for reading, half for comparing.
    private static let whole = 1000

    private func parameters() throws(CommandFailure) -> ReconciliationParameters {
        if let name,
            name.isEmpty || !ExactText(name).hasScalars(upTo: ReconciliationParameters.maximumNameScalars)
        {
            throw Self.wrong(
                "--name must have 1 to \(ReconciliationParameters.maximumNameScalars) characters")
        }
        let parameters = ReconciliationParameters(
            format: fileFormat ?? (file.hasSuffix(".ndjson") ? .ndjson : .csv),
            from: try Self.moment("--from", from),
            to: try Self.moment("--to", to), decision: decision, name: name)
        guard parameters.from < parameters.to else { throw Self.wrong("--from must be before --to") }
        return parameters
    }

    private static func moment(_ option: String, _ text: String) throws(CommandFailure) -> Timestamp {
        if let moment = Timestamp(text) { return moment }
        throw wrong("\(option) must be a date, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, not '\(text)'")
    }

    private static func wrong(_ line: String) -> CommandFailure {
        CommandFailure(line, status: CommandFailure.wrongUsage)
    }
}

extension ReconciledDecision: ExpressibleByArgument {}
extension ReconciliationParameters.Format: ExpressibleByArgument {}

extension Reconciliation {
    /// Ends the command with its own exit status if there are differences.
    func refuseDifferences() throws(CommandFailure) {
        guard differences > 0 else { return }
        let count = differences == 1 ? "1 difference was" : "\(differences) differences were"
        throw CommandFailure("\(count) found", status: CommandFailure.differences)
    }
}

/// `countersign reconcile list`
struct ReconcileListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the reconciliations of an operator, newest first.")

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let rows = try session.reconciliations(operatorCode: options.operatorCode).map { one in
            [
                String(one.number), one.state.rawValue, one.name, one.beginsOn.text, one.endsOn.text,
                one.decision.rawValue, String(one.rows), String(one.differences),
                String(one.closedDifferences),
                one.failure?.description,
            ]
        }
        Listing(
            columns: [
                .init("reconciliation", .bold), .init("state"), .init("name"), .init("from"), .init("to"),
                .init("decision"), .init("rows"), .init("differences", .yellow), .init("closed"),
                .init("failure"),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign reconcile show`
struct ReconcileShowCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a reconciliation with its totals and its differences.",
        discussion:
            "The exit status is 0 if everything matched, 1 if it failed, and 3 if there are differences.")

    @Argument(help: "The reconciliation's number.")
    var number: Int

    @Option(help: "The output format: table, csv or json.")
    var format: ReconciliationOutput.Format = .table

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let found = try session.reconciliation(operatorCode: options.operatorCode, number: number)
        try ReconciliationOutput(format).write(
            found.reconciliation, found.totals, options.operatorCode, session)
        if let failure = found.reconciliation.failure { throw CommandFailure(failure) }
        try found.reconciliation.refuseDifferences()
    }
}

/// `countersign reconcile close`
struct ReconcileCloseCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Closes differences of a reconciliation, permanently.",
        discussion: """
            A difference that is closed already keeps its first reason.

            Example: countersign reconcile close 1 4 7 --operator ACME --reason "billed again in November"
            """)

    @Argument(help: "The reconciliation's number.")
    var number: Int

    @Argument(help: "The differences' numbers.")
    var differences: [Int64]

    @Option(help: "Why they are closed.")
    var reason: String

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        guard !reason.isEmpty, ExactText(reason).hasScalars(upTo: ReconciliationClosing.maximumReasonScalars)
        else {
            throw CommandFailure(
                "--reason must have 1 to \(ReconciliationClosing.maximumReasonScalars) characters",
                status: CommandFailure.wrongUsage)
        }
        try session.closeDifferences(
            operatorCode: options.operatorCode, number: number, differences: differences, reason: reason)
        let count = differences.count
        Terminal.say(count == 1 ? "1 difference is closed." : "\(count) differences are closed.")
    }
}
