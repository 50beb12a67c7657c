import ArgumentParser
import ChargeStore
import Charges
import Glibc
import StrictJSON

/// `countersign statement …`
struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Lists, closes, exports and verifies an operator's statements.",
        subcommands: [
            StatementListCommand.self, StatementCloseCommand.self, StatementExportCommand.self,
            StatementVerifyCommand.self,
        ])
}

/// The option that every command about statements has.
struct StatementOptions: ParsableArguments {
    @Option(name: .customLong("operator"), help: "The operator's code.")
    var operatorCode: String

    @OptionGroup var database: DatabaseOptions
}

/// `countersign statement list`
struct StatementListCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the statements of an operator, newest first.")

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    @OptionGroup var options: StatementOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let rows = try session.statements(operatorCode: options.operatorCode).map { one in
            let isEmpty = one.eventCount == 0
            return [
                String(one.number), one.beginsOn.text, one.endsOn.text, one.closedOn.text,
                isEmpty ? nil : String(one.firstEventNumber), isEmpty ? nil : String(one.lastEventNumber),
                String(one.eventCount), one.digest.map(Hexadecimal.text),
            ]
        }
        Listing(
            columns: [
                .init("statement", .bold), .init("from"), .init("to"), .init("closed_on", .dim),
                .init("first_event"), .init("last_event"), .init("events"), .init("digest", .cyan),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign statement close`
struct StatementCloseCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Closes an operator's statement under way now, and prints its digest.",
        discussion: "The next statement ends with the day in the operator's zone, as it would have without this.")

    @OptionGroup var options: StatementOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let closed = try session.closeStatement(operatorCode: options.operatorCode)
        Terminal.say("Statement \(closed.number) was closed with \(closed.eventCount) events.")
        print(closed.digest.map(Hexadecimal.text) ?? "-")
    }
}

/// `countersign statement export`
struct StatementExportCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a statement's file to standard output.",
        discussion: """
            The CSV is the canonical file: its last line holds the digest. NDJSON has the events alone.

            Example: countersign statement export 31 --operator ACME > statement-31.csv
            """)

    /// The format of the file.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, ndjson
    }

    @Argument(help: "The statement's number.")
    var number: Int

    @Option(help: "The file's format: csv or ndjson.")
    var format: Format = .csv

    @OptionGroup var options: StatementOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let statements = try session.statements(operatorCode: options.operatorCode)
        guard let statement = statements.first(where: { $0.number == number }) else {
            throw CommandFailure("operator \(options.operatorCode) has no statement \(number)")
        }
        guard let digest = statement.digest else {
            throw CommandFailure("the digest of statement \(number) is not computed yet; try again in a minute")
        }
        switch format {
        case .csv:
            let found = try session.writeStatement(statement, after: statements.predecessors(of: statement)) { bytes in
                Terminal.write(bytes, to: STDOUT_FILENO)
            }
            guard found == digest else {
                throw CommandFailure(
                    "statement \(number) is damaged: its events do not give its digest \(Hexadecimal.text(digest))")
            }
        case .ndjson:
            try session.forEachReading(of: statement) { events in
                Terminal.write(events.map { $0.json.text + "\n" }.joined(), to: STDOUT_FILENO)
            }
        }
    }
}

extension [ClosedStatement] {
    /// The digests that a statement's own one covers besides its lines.
    func predecessors(of statement: ClosedStatement) -> [[UInt8]] {
        [first { $0.number == statement.number - 1 }?.digest, statement.otherPredecessor].compactMap(\.self)
    }
}

extension StatementEvent {
    /// The event as one object, in the columns of the canonical file.
    fileprivate var json: JSONValue {
        .object([
            .init("event_number", .number(String(eventNumber))),
            .init("event", .string(kind.rawValue)),
            .init("number", .string(number.string)),
            .init("provider_charge_id", providerChargeIdentifier.map { .string($0.string) } ?? .null),
            .init("billing_system_customer_identifier", .string(customerIdentifier.string)),
            .init("reference_number", referenceNumber.map { .string($0.string) } ?? .null),
            .init("amount", .number(amount.digits)),
            .init("currency", .string(currency)),
            .init("local_currency_amount", .number(localCurrencyAmount.digits)),
            .init("local_currency", .string(localCurrency)),
            .init("revision", .number(String(revision))),
            .init("made_by", .string(madeBy)),
            .init("made_on", .string(madeOn.text)),
        ])
    }
}

/// `countersign statement verify`
struct StatementVerifyCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Computes the digests of an operator's statements anew.",
        discussion: """
            It finds accidental damage. Someone who can write to the database can make events and digests agree: \
            against that, compare with a digest that is kept elsewhere (--known).

            Example: countersign statement verify --operator ACME --known 31=9f86d081884c7d65…
            """)

    @Option(
        help: ArgumentHelp(
            "A statement's number and the digest that it had; repeatable.", valueName: "number=digest"))
    var known: [KnownDigest] = []

    @OptionGroup var options: StatementOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let statements = Array(try session.statements(operatorCode: options.operatorCode).reversed())
        var faults: [String] = []
        var missing = known
        var bar = ProgressBar("verifying", total: statements.count)
        defer { bar.finish() }
        for (done, statement) in statements.enumerated() {
            bar.update(done: done, note: "statement \(statement.number)")
            let found = try session.writeStatement(statement, after: statements.predecessors(of: statement)) { _ in }
            if let digest = statement.digest, digest != found {
                faults.append("statement \(statement.number): its events do not give its digest")
            }
            for one in known where one.number == statement.number {
                missing.removeAll { $0 == one }
                if one.digest != statement.digest {
                    faults.append("statement \(statement.number): its digest is not the known one")
                }
            }
        }
        bar.finish()
        faults += missing.map { "statement \($0.number) does not exist" }
        for fault in faults { print(fault) }
        guard faults.isEmpty else {
            throw CommandFailure("\(faults.count == 1 ? "1 fault was" : "\(faults.count) faults were") found")
        }
        print("\(statements.count == 1 ? "1 statement is" : "\(statements.count) statements are") undamaged.")
    }
}

/// A statement's number and digest, as the option --known has it.
struct KnownDigest: ExpressibleByArgument, Equatable {
    let number: Int
    let digest: [UInt8]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let number = Int(parts[0]), let digest = Hexadecimal.bytes(parts[1]), digest.count == 32
        else { return nil }
        self.number = number
        self.digest = digest
    }
}
