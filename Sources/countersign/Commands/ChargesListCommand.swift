import ArgumentParser
import ChargeStore
import Charges

/// `countersign charges list`
struct ChargesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists any number of an operator's charges, acknowledged or not.",
        discussion: """
            The oldest charges come first: by received_on, then by number. All are of one moment. A period includes \
            --from and excludes --to. Dates are in UTC: YYYY-MM-DD or YYYY-MM-DDThh:mm:ss.

            The table has the columns that people look for first; csv, json and ndjson have all of them, under the \
            names of the API.

            Examples:
              countersign charges list --operator ACME --customer pci155
              countersign charges list --operator ACME --from 2026-10-01 --to 2026-11-01 --format csv > october.csv
            """)

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(
        help: ArgumentHelp(
            "The charges of one customer alone, by its billing_system_customer_identifier.",
            valueName: "identifier"))
    var customer: String?

    @Option(
        help: "The charges of one status alone: \(Self.statuses.map(\.name).joined(separator: ", ")).",
        completion: .list(Self.statuses.map(\.name)))
    var status: String?

    @Option(help: ArgumentHelp("The first day or moment of received_on.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("The first day or moment after the period.", valueName: "date"))
    var to: String?

    @Option(help: "The output format: table, csv, json or ndjson.")
    var format: ChargeListOutput.Format = .table

    @Flag(
        help: """
            Print the texts of --format csv as they are, for programs. A spreadsheet would run a text that begins like \
            a formula; by default such a text is prefixed with an apostrophe.
            """)
    var raw = false

    @OptionGroup var database: DatabaseOptions

    /// The API's names of statuses: those of a charge, and those that a list is filtered by.
    private static let statuses: [(name: String, statuses: [ChargeStatus])] =
        ChargeStatus.allCases.map { (name: $0.rawValue, statuses: [$0]) } + [
            (name: "NOT_PROCESSED", statuses: [.pending]),
            (name: "PROCESSED", statuses: ChargeStatus.allCases.filter { $0 != .pending }),
        ]

    func run() throws {
        let selection = try selection()
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        var output = ChargeListOutput(format, forSpreadsheets: !raw)
        var bar = ProgressBar("listing", total: nil)
        defer { bar.finish() }
        bar.update(done: 0, note: "the database reads the charges")
        do {
            try session.charges(of: operatorCode, selection) { charges in
                // On one terminal the rows themselves show the progress.
                if Terminal.outputIsTerminal { bar.finish() }
                try output.write(charges)
                if !Terminal.outputIsTerminal { bar.update(done: 0, note: "\(output.count) charges") }
            }
        } catch OutputError.readerIsGone {
            return
        }
        bar.finish()
        if Terminal.errorIsTerminal {
            Terminal.say("\(output.count == 1 ? "1 charge was" : "\(output.count) charges were") listed.")
        }
    }

    /// The selection that the options describe.
    private func selection() throws(CommandFailure) -> ChargeSelection {
        guard !raw || format == .csv else { throw Self.wrong("--raw is for --format csv") }
        var selection = ChargeSelection()
        selection.customer = customer.map { ExactText($0) }
        if let status {
            guard let known = Self.statuses.first(where: { $0.name.utf8.elementsEqual(status.utf8) }) else {
                let names = Self.statuses.map(\.name).joined(separator: ", ")
                throw Self.wrong("--status must be one of \(names), not '\(status)'")
            }
            selection.statuses = known.statuses
        }
        selection.from = try Self.moment("--from", from)
        selection.to = try Self.moment("--to", to)
        if let from = selection.from, let to = selection.to, from >= to {
            throw Self.wrong("--from must be before --to")
        }
        return selection
    }

    private static func moment(_ option: String, _ text: String?) throws(CommandFailure) -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(text) else {
            throw wrong(
                "\(option) must be a date in UTC, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, not '\(text)'")
        }
        return moment
    }

    private static func wrong(_ line: String) -> CommandFailure {
        CommandFailure(line, status: CommandFailure.wrongUsage)
    }
}
