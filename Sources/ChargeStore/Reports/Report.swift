package import Charges
import LibPQ

/// A question that the database answers: a file of `sql/reports`, which psql runs unchanged.
///
/// A file begins with two comments. The first is the report's description. The second has its place in the list of
/// reports, its cost, and a sample of its result, from which `scripts/report-list` makes the list and the documentation.
package struct Report: Sendable {
    package let name: String
    /// The question, one sentence.
    package let question: String
    /// The report's description: its question, its parameters and its columns.
    package let description: String
    /// The range of the planner's estimate of its cost on the hundred thousand charges of a test; `nil` if it cannot be
    /// tested. The unit is a page read in order.
    package let cost: ClosedRange<Double>?
    /// The extension of PostgreSQL whose view of the same name the report reads; `nil` if it reads none.
    package let requiredExtension: String?
    package let script: ReportScript

    /// - Parameters:
    ///   - name: The file's name without its extension.
    ///   - contents: The file's bytes.
    init(name: String, contents: [UInt8]) {
        let text = String(decoding: contents, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let opening = Self.comment(lines[...])
        let notes = Self.comment(lines.dropFirst(opening.count + 1))
        let marker = "Question: "
        guard let first = opening.first, first.hasPrefix(marker) else {
            preconditionFailure("the report \(name) does not open with its question")
        }
        do {
            script = try ReportScript(
                lines.dropFirst(opening.count + 1 + notes.count).joined(separator: "\n"))
        } catch {
            preconditionFailure("the report \(name) cannot be read: \(error)")
        }
        self.name = name
        question = String(first.dropFirst(marker.count))
        description = opening.joined(separator: "\n")
        cost = Self.cost(notes)
        requiredExtension = notes.lazy.compactMap { $0.wholeMatch(of: #/Extension: (.+)/#) }.first
            .map { String($0.output.1) }
    }

    /// The comment with which the lines begin, without its dashes.
    private static func comment(_ lines: ArraySlice<Substring>) -> [Substring] {
        lines.prefix { $0.hasPrefix("--") }.map { $0.dropFirst($0.hasPrefix("-- ") ? 3 : 2) }
    }

    /// The range of the line `Cost: LEAST to MOST`, which may go on with a reason.
    private static func cost(_ notes: [Substring]) -> ClosedRange<Double>? {
        for note in notes {
            guard let match = note.prefixMatch(of: #/Cost: ([0-9]+) to ([0-9]+)/#),
                let least = Double(match.output.1), let most = Double(match.output.2), least <= most
            else { continue }
            return least...most
        }
        return nil
    }
}

extension Report {
    /// Finds the report of a name; `nil` if there is none.
    package static func named(_ name: String) -> Report? {
        all.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

extension AdministrationSession {
    /// Runs a report in a read-only transaction, with the limits of the role countersign_reporting.
    ///
    /// - Parameter variables: Values of the report's own variables. One without a value has the file's default.
    /// - Throws: `AdministrationFailure`, for example for an operator that does not exist, or for an extension that is
    ///   missing.
    package func report(_ report: Report, _ variables: [String: String] = [:])
        throws(AdministrationFailure) -> ReportResult
    {
        let purpose = "the report \(report.name)"
        if let name = report.requiredExtension {
            guard try run(.relationExists, name, doing: purpose).first == true else {
                throw AdministrationFailure(
                    "\(purpose) needs the extension \(name), which this database does not have on the search path; "
                        + "set shared_preload_libraries = '\(name)', restart the server, and run "
                        + "CREATE EXTENSION \(name) in this database")
            }
        }
        do {
            return try connection.run(report, variables, deadline: .now + Report.timeout)
        } catch {
            throw AdministrationFailure("\(purpose) failed: \(error)", cause: error)
        }
    }
}

extension Report {
    /// The time that one report may take, which is the statement timeout of the role countersign_reporting.
    static let timeout = Duration.seconds(300)

    /// The role's other limits, for the transaction of a login that has none, such as the owner's.
    fileprivate static let limits = """
        SET LOCAL statement_timeout = '5min'; SET LOCAL lock_timeout = '1s';
        SET LOCAL idle_in_transaction_session_timeout = '1min'; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'
        """
}

extension Connection {
    /// Runs a report in a read-only transaction, with the limits of the role countersign_reporting. The connection is in
    /// no transaction afterwards, or cannot be used any more.
    ///
    /// - Parameter maximumRows: The most rows to read; `nil` for all.
    func run(
        _ report: Report, _ variables: [String: String], maximumRows: Int? = nil,
        deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> ReportResult {
        try execute("BEGIN READ ONLY; \(Report.limits)", deadline: deadline)
        let table: TextTable
        do throws(PostgresError) {
            var sql = try report.script.statement(variables, quote: literal)
            if let maximumRows { sql = "SELECT * FROM (\n\(sql)\n) AS report LIMIT \(maximumRows)" }
            table = try self.table(sql, deadline: deadline)
        } catch {
            try? execute("ROLLBACK", deadline: .now + .seconds(10))
            throw error
        }
        try execute("COMMIT", deadline: .now + .seconds(10))
        return ReportResult(
            columns: table.columns.map { .init(name: $0.name, kind: .init(typeOID: $0.typeOID)) },
            rows: table.rows)
    }
}

extension ReportResult.Kind {
    fileprivate init(typeOID: UInt32) {
        let numbers: [PostgresType] = [.int2, .int4, .int8, .float8, .numeric]
        if numbers.contains(where: { $0.oid == typeOID }) {
            self = .number
        } else {
            self = typeOID == PostgresType.bool.oid ? .boolean : .text
        }
    }
}
