import ArgumentParser
import ChargeStore
import Charges
import DelimitedText

/// `countersign charges …`
struct ChargesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charges", abstract: "Imports, lists and shows charges.",
        subcommands: [ChargesImportCommand.self, ChargesListCommand.self, ChargesShowCommand.self])
}

/// `countersign charges import`
struct ChargesImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Imports charges from a file, all of them or none.",
        discussion: """
            A CSV file names its columns in the first line; an NDJSON file has them as the keys of each line. Every \
            line must fill \(names(ImportColumn.mandatory)), and number or provider_charge_id or both. It may fill \
            \(names(ImportColumn.optional)).

            A CSV file is in UTF-8, with commas, semicolons or tabs between the values; the first line shows which. \
            Without commas between them, amounts may have a decimal comma. A value that contains the delimiter, a quote \
            or a line end is quoted, without white space around the quotes.

            acknowledged is true or false; acknowledged_on is its date. decision (ACCEPTED, DECLINED) needs decided_on \
            and may have reference_number. charge_status (PENDING, APPROVED, DECLINED, BAD_REQUEST, REJECTED) needs its \
            date in set_as_approved_on, set_as_declined_on, set_as_bad_request_on or set_as_rejected_request_on. An \
            approved charge needs the decision ACCEPTED, a declined one DECLINED. A charge is received, decided, \
            processed and acknowledged in this order.

            Dates are in UTC: YYYY-MM-DD or YYYY-MM-DDThh:mm:ss. A charge without a number gets the operator's next \
            number. If a line is wrong, the command names the line and the reason and imports nothing.

            A policy's window of an undecided charge begins with the import, whatever received_on says. The command \
            prints how many undecided charges a policy will decide, and when.

            Examples:
              countersign charges import --check charges.csv
              countersign charges import charges.csv
            """)

    private static func names(_ columns: [ImportColumn]) -> String {
        columns.map(\.rawValue).joined(separator: ", ")
    }

    /// The format of the file.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, ndjson
    }

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @Option(help: "The file's format: csv or ndjson. The default follows the ending of the file's name.")
    var format: Format?

    @Flag(help: "Skip charges that already exist with the same content in every column that the line has.")
    var skipKnown = false

    @Flag(
        help: """
            Change nothing; list every fault, up to \(ImportFaultList.maximum), with its line, column, value and a \
            hint. The exit status is 1 if there is one.
            """)
    var check = false

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard format == nil, Format(rawValue: ending) == nil else { return }
        throw ValidationError(
            "The file's name ends in neither .csv nor .ndjson; give --format csv or --format ndjson.")
    }

    func run() throws {
        let source = try ByteSource(path: file)
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let format = format ?? Format(rawValue: ending) ?? .csv
        let reading = ImportReading(
            source: source, label: check ? "checking" : "importing",
            read: format == .csv ? { try CSVCharges.read($0, $1) } : { try NDJSONCharges.read($0, $1) })
        defer { reading.finish() }
        let charges = ChargeImport(on: session, skipsKnown: skipKnown, onStage: { reading.reach($0) })
        if check {
            let faults = try ImportFaultList(of: charges, reading)
            reading.finish()
            try faults.show(count: reading.count)
        } else {
            let imported = try charges.run { take in
                try reading.run(take: take) { (fault: ImportFault) throws in throw fault.failure }
            }
            reading.finish()
            print("\(imported == 1 ? "1 charge was" : "\(imported) charges were") imported.")
            if imported < reading.count {
                Terminal.say("Charges that already existed: \(reading.count - imported).")
            }
            try sayForecasts(session, reading.undecidedOperators)
        }
    }

    /// Says what policies will do with the undecided charges of the operators that got some.
    private func sayForecasts(_ session: AdministrationSession, _ codes: Set<String>) throws {
        for code in codes.sorted() {
            let overview = try session.operatorOverview(code: code)
            guard overview.undecidedPolicy != .hold, overview.undecidedCount > 0 else { continue }
            Terminal.say(OperatorSetCommand.forecast(overview, whose: "Operator \(code): its"))
        }
    }

    private var ending: String { String(file.split(separator: ".").last ?? "").lowercased() }
}

/// `countersign charges show`
struct ChargesShowCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a charge with its decisions and references.")

    @Argument(help: "The charge's number.")
    var number: String

    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var database: DatabaseOptions

    func run(_ session: AdministrationSession) throws {
        guard let charge = try session.charge(number: ExactText(number), operatorCode: operatorCode) else {
            throw CommandFailure("operator \(operatorCode) has no charge \(number)")
        }
        let view = ChargeView(charge: charge)
        print(format == .json ? view.json : try view.text())
    }
}
