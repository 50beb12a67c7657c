import Charges
import ChargeStore
import TestSupport
import Testing

/// Tests of the reports that a node runs for administrators.
@Suite struct ReportRunnerTests {
    private let database = TestDatabase.current!

    private static var later: ContinuousClock.Instant { .now + .patience }

    @Test(
        "The catalogue has every report, with what each parameter takes", .database)
    func catalogue() async throws {
        try await database.withStore { store in
            #expect(store.reports.reports.map(\.name) == Report.all.map(\.name))
            for (report, file) in zip(store.reports.reports, Report.all) {
                #expect(report.parameters.map(\.name) == file.script.variables, "\(report.name)")
                #expect(report.title.hasSuffix("?") && !report.columns.isEmpty, "\(report.name)")
                for parameter in report.parameters {
                    #expect(!parameter.meaning.isEmpty, "\(report.name) \(parameter.name)")
                    #expect(!parameter.defaultMeaning.isEmpty, "\(report.name) \(parameter.name)")
                    #expect(!parameter.meaning.contains("not given"), "\(report.name) \(parameter.name)")
                }
            }
            let money = try #require(store.reports.report(named: "money"))
            #expect(
                money.parameters.first
                    == ReportParameter(
                        name: "operator", kind: .operatorCode, meaning: "an operator's code",
                        defaultMeaning: "all operators"))
            #expect(store.reports.report(named: "nothing") == nil)
        }
    }

    @Test("Every report runs with the reporting login, and has its columns", .database)
    func everyReport() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withAdministrationStore { store in
            for report in store.reports.reports {
                do throws(ReportFailure) {
                    let rows = try await store.reports.run(
                        report.name,
                        ["operator": report.parameters.isEmpty ? "" : "ACME"].filter {
                            name, _ in report.parameters.contains { $0.name == name }
                        }, maximumRows: 100, deadline: Self.later)
                    #expect(rows.result.columns.map(\.name) == report.columns.map(\.name), "\(report.name)")
                } catch {
                    // The tests' server lacks the extension that one report needs.
                    guard case .unavailable = error, report.requiredExtension != nil else {
                        Issue.record("\(report.name): \(error)")
                        continue
                    }
                }
            }
        }
    }

    @Test("Rows beyond the bound are left off, and the answer says so", .database)
    func bound() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.addCharges(3, prefix: "M", operatorIdentifier: 2)
        try await database.withAdministrationStore { store in
            let all = try await store.reports.run(
                "undecided-charges", [:], maximumRows: 100, deadline: Self.later)
            #expect(!all.hasMore && all.result.rows.count == 2)
            let first = try await store.reports.run(
                "undecided-charges", ["zone": ""], maximumRows: 1, deadline: Self.later)
            #expect(first.hasMore && first.result.rows == [all.result.rows[0]])
            #expect(first.result.columns.contains { $0.name == "charges" && $0.kind == .number })
        }
    }

    @Test(
        "A wrong value is refused with the parameter's name and one line", .database,
        arguments: [
            ("money", "operator", "NOBODY", "operator"), ("money", "from", "yesterday", "from"),
            ("money", "to", "2026-13-01", "to"), ("money", "zone", "Nowhere/Else", "zone"),
            ("money", "colour", "red", "colour"), ("money", "from", "2026\0", "from"),
            ("customers", "limit", "-1", "limit"), ("customers", "limit", "many", "limit"),
            ("money", "from", "2999-01-01", nil),
        ] as [(String, String, String, String?)])
    func wrongValues(_ report: String, _ name: String, _ value: String, _ expected: String?) async throws {
        try await database.withAdministrationStore { store in
            do throws(ReportFailure) {
                _ = try await store.reports.run(
                    report, [name: value], maximumRows: 10, deadline: Self.later)
                Issue.record("it ran")
            } catch {
                guard case .invalidParameter(let found, let reason) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(found == expected, "\(reason)")
                #expect(!reason.contains("\n") && reason.hasSuffix("."), "\(reason)")
            }
        }
    }

    @Test(
        "A report that meets a lock is timed out; an unknown one does not exist", .database)
    func failures() async throws {
        try await database.withAdministrationStore { store in
            await #expect(throws: ReportFailure.noSuchReport) {
                try await store.reports.run("nothing", [:], maximumRows: 10, deadline: Self.later)
            }
            // The report waits for the lock longer than the role's lock timeout.
            try await database.session.execute(
                "BEGIN; LOCK TABLE countersign.charge IN ACCESS EXCLUSIVE MODE")
            await #expect(throws: ReportFailure.timedOut) {
                try await store.reports.run("money", [:], maximumRows: 10, deadline: Self.later)
            }
            try await database.session.execute("ROLLBACK")
        }
    }
}
