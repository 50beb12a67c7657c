import StrictJSON
import ArgumentParser
import ChargeStore
import Charges
import Foundation
import HTTPFront

/// `countersign report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Runs a report of sql/reports on the database.",
        discussion: """
            A login in the role countersign_reporting is enough, and a standby works as well. A period includes \
            --from and excludes --to, which are ISO dates or dates with times: 2026-10-25, 2026-10-25T03:00 or \
            2026-10-25T03:00+02:00.

            Example: countersign report charges-by-day --operator ACME --from 2026-10-01 --to 2026-11-01
            """)

    @Argument(help: "The report's name.", completion: .list(Report.all.map(\.name)))
    var name: String?

    @Flag(help: "List the reports, each with its question.")
    var list = false

    @Flag(help: "Print the report's question, parameters and columns.")
    var describe = false

    @Option(name: .customLong("operator"), help: "The operator's code. The default is all operators.")
    var operatorCode: String?

    @Option(help: ArgumentHelp("The first day or moment of the period.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("The first day or moment after the period.", valueName: "date"))
    var to: String?

    // An offset may begin with a minus sign.
    @Option(
        parsing: .unconditional,
        help: "The time zone of days and times, such as Europe/Nicosia or +02:00. The default is UTC.")
    var zone: String?

    @Option(
        name: [.customShort("v"), .customLong("variable")],
        help: ArgumentHelp("Another parameter of the report; repeatable.", valueName: "name=value"))
    var variables: [String] = []

    @Option(help: "The output format: table, csv or json.")
    var format: ReportFormat = .table

    @Flag(
        help: """
            Print the texts of --format csv as they are, for programs. A spreadsheet would run a text that begins like \
            a formula; by default such a text is prefixed with an apostrophe.
            """)
    var raw = false

    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard list || name != nil else { throw ValidationError("Give a report's name, or --list.") }
        guard !raw || format == .csv else { throw ValidationError("--raw is for --format csv.") }
    }

    func run() throws {
        guard let name, !list else {
            let rows = Report.all.map { [$0.name, $0.question] }
            print(Table(styles: [.bold, nil], rows: rows).text)
            return
        }
        guard let report = Report.named(name) else {
            throw CommandFailure(
                "report \(name) does not exist; countersign report --list lists all reports",
                status: CommandFailure.wrongUsage)
        }
        if describe {
            print(report.description)
            return
        }
        let values = try values(of: report)
        let session = try AdministrationSession.open(database.settings())
        defer { session.close() }
        let result = try session.report(report, values)
        let text = result.text(format, forSpreadsheets: !raw)
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// The given parameters. Each one must be a parameter of the report.
    private func values(of report: Report) throws(CommandFailure) -> [String: String] {
        var values = ["operator": operatorCode, "from": from, "to": to, "zone": zone].compactMapValues(\.self)
        for variable in variables {
            guard let place = variable.firstIndex(of: "=") else {
                throw CommandFailure(
                    "-v takes name=value, not '\(variable)'", status: CommandFailure.wrongUsage)
            }
            values[String(variable[..<place])] = String(variable[variable.index(after: place)...])
        }
        let known = report.script.variables
        for name in values.keys.sorted() where !known.contains(name) {
            let others = known.isEmpty ? "none" : known.joined(separator: ", ")
            throw CommandFailure(
                "report \(report.name) has no parameter \(name); its parameters are: \(others)",
                status: CommandFailure.wrongUsage)
        }
        return values
    }
}

/// The output format of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
}

extension ReportResult {
    /// The result as text. It ends with a line end.
    ///
    /// - Parameter forSpreadsheets: Whether texts that a spreadsheet would run are made harmless in CSV.
    func text(_ format: ReportFormat, forSpreadsheets: Bool) -> String {
        switch format {
        case .table: tableText
        case .csv: String(decoding: csv(forSpreadsheets: forSpreadsheets), as: UTF8.self)
        case .json: json.text + "\n"
        }
    }

    /// The result as a table with numbers aligned to the right. A terminal shows the column names in bold.
    private var tableText: String {
        let rows = rows.map { $0.map { ($0 ?? "").escapingControls() } }
        var widths = columns.map { $0.name.unicodeScalars.count }
        for row in rows {
            for (place, cell) in row.enumerated() {
                widths[place] = max(widths[place], cell.unicodeScalars.count)
            }
        }
        func line(_ cells: [String], _ style: Terminal.Style?) -> String {
            let padded = cells.enumerated().map { place, cell in
                let padding = String(repeating: " ", count: widths[place] - cell.unicodeScalars.count)
                let isLast = place == cells.count - 1
                let shown = style.map { Terminal.styled(cell, $0) } ?? cell
                return columns[place].kind == .number ? padding + shown : shown + (isLast ? "" : padding)
            }
            return padded.joined(separator: "  ") + "\n"
        }
        return line(columns.map(\.name), .bold) + rows.map { line($0, nil) }.joined()
    }

    /// The result as an array of objects. Numbers keep the digits that the database returned.
    private var json: JSONValue {
        .array(
            rows.map { row in
                .object(
                    zip(columns, row).map { column, cell in .init(column.name, Self.value(column.kind, cell))
                    })
            })
    }

    private static func value(_ kind: Kind, _ cell: String?) -> JSONValue {
        guard let cell else { return .null }
        switch kind {
        case .boolean: return .boolean(cell == "t")
        // NaN and the infinities are not JSON numbers.
        case .number where cell.utf8.contains(where: { $0 == UInt8(ascii: "N") || $0 == UInt8(ascii: "I") }):
            return .string(cell)
        case .number: return .number(cell)
        case .text: return .string(cell)
        }
    }
}
