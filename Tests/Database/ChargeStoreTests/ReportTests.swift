import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the files of `sql/reports`, and of what the program reads from them.
@Suite struct ReportTests {
    @Test(
        "A report's header states a question and the parameters of its script",
        arguments: Report.all.map(\.name))
    func itsOpeningNamesItsParameters(name: String) throws {
        let report = try #require(Report.named(name))
        #expect(report.question.hasSuffix("?"))
        #expect(names(in: "Parameters:", of: report) == report.script.variables)
    }

    @Test("A report's header states the columns of its result", .database)
    func theirOpeningsNameTheirColumns() async throws {
        let database = TestDatabase.current.ownerConnectionString
        // The tests' server lacks the extension that this report needs.
        let reports = Report.all.filter { $0.name != "database-statements" }
        let columns = try await onThread {
            let session = try AdministrationSession(database: database)
            defer { session.close() }
            return try reports.map { try session.report($0).columns.map(\.name) }
        }
        for (report, columns) in zip(reports, columns) {
            #expect(names(in: "Columns:", of: report) == columns, "\(report.name)")
        }
    }

    @Test("The reporting role can run every report", .database)
    func theReportingRoleCanRunThem() async throws {
        let session = TestDatabase.current.session
        try await session.execute("SET ROLE countersign_reporting")
        for report in Report.all where report.name != "database-statements" {
            let sql = report.script.defaultStatement
            await #expect(throws: Never.self, "\(report.name)") { try await session.execute(sql) }
        }
    }

    @Test("An unknown operator is an error, not an empty report", .database)
    func anUnknownOperatorIsNoEmptyReport() async throws {
        try await TestDatabase.current.addCharges(1, prefix: "N")
        let database = TestDatabase.current.ownerConnectionString
        let report = try #require(Report.named("money"))
        let failure = try await onThread {
            let session = try AdministrationSession(database: database)
            defer { session.close() }
            return #expect(throws: AdministrationFailure.self) {
                try session.report(report, ["operator": "O'Nobody\\"])
            }
        }
        #expect(failure?.description.contains("there is no operator O'Nobody\\") == true)
    }

    /// The first words of the lines below a heading.
    private func names(in heading: String, of report: Report) -> [String] {
        report.description.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0 != heading }.dropFirst().prefix { $0.hasPrefix("  ") }
            .map { String($0.split(separator: " ")[0]) }
    }
}
