import ArgumentParser
import ChargeStore
import Charges
import HTTPFront

/// `countersign statement …`
struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Lists, closes, exports and verifies an operator's statements.",
        subcommands: [
            StatementListCommand.self, StatementCloseCommand.self, StatementExportCommand.self,
            StatementVerifyCommand.self, StatementResumeCommand.self,
        ])
}

/// The options of commands about the statements, or the reconciliations, of one operator.
struct OperatorOptions: ParsableArguments {
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

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let rows = try session.statements(operatorCode: options.operatorCode).map { one in
            let isEmpty = one.eventCount == 0
            return [
                String(one.number), one.beginsOn.text, one.endsOn.text, one.closedOn.text,
                isEmpty ? nil : String(one.firstEventNumber), isEmpty ? nil : String(one.lastEventNumber),
                String(one.eventCount), one.digest.map(Hexadecimal.text),
                one.otherPredecessor.map(Hexadecimal.text),
            ]
        }
        Listing(
            columns: [
                .init("statement", .bold), .init("from"), .init("to"), .init("closed_on", .dim),
                .init("first_event"), .init("last_event"), .init("events"), .init("digest", .cyan),
                .init("other_predecessor", .dim),
            ], rows: rows
        ).show(format)
    }
}

/// `countersign statement close`
struct StatementCloseCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Closes an operator's statement under way now, and prints its digest.",
        discussion:
            "The next statement ends with the day in the operator's zone, as it would have without this.")

    @OptionGroup var options: OperatorOptions

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

    @OptionGroup var options: OperatorOptions

    var database: DatabaseOptions { options.database }

    func run(_ session: AdministrationSession) throws {
        let statements = try session.statements(operatorCode: options.operatorCode)
        guard let statement = statements.first(where: { $0.number == number }) else {
            throw CommandFailure("operator \(options.operatorCode) has no statement \(number)")
        }
        guard let digest = statement.digest else {
            throw CommandFailure(
                "the digest of statement \(number) is not computed yet; try again in a minute")
        }
        switch format {
        case .csv:
            let predecessors = statement.predecessors(after: statements.first { $0.number < number }?.digest)
            let found = try session.writeStatement(statement, after: predecessors) {
                try StandardOutput.write($0)
            }
            guard found == digest else {
                throw CommandFailure(
                    "statement \(number) is damaged: its events do not give its digest \(Hexadecimal.text(digest))"
                )
            }
        case .ndjson:
            var rendering = NDJSONRendering()
            try session.forEachReading(of: statement) { events in
                try StandardOutput.write(rendering.append(events))
            }
        }
    }
}
