import ChargeStore
import Charges
import Foundation
import TestSupport
import Testing

/// Tests of `countersign report`, and of psql on the same files.
@Suite struct ReportCommandTests {
    private static let reports = URL(filePath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../sql/reports").standardizedFileURL.path

    private func bash(_ script: String) async throws -> Program.Result {
        try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.ownerConnectionString], in: "/tmp")
    }

    private func addData() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(30, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(
                .accepting((1...20).map { .charge("N\($0)", reference: $0 == 7 ? nil : "R-\($0)") }))
            _ = try await store.decisions.decide(
                .accepting([.charge("N3"), .charge("x")], decision: .declined))
            await store.storeFailedItems(deadline: .now + .patience)
        }
        try await database.session.execute(
            """
            SELECT countersign.close_statements(10000, 'ACME');
            INSERT INTO countersign.reconciliation (
                operator_id, number, state, begins_on, ends_on, decision, format, worker, finished_on)
            VALUES (1, 1, 'DONE', '2020-10-01Z', '2020-11-01Z', 'ACCEPTED', 'csv', gen_random_uuid(), now());
            INSERT INTO countersign.reconciliation_difference (
                operator_id, reconciliation_number, identifier, class, line, fields, there_number, is_imported)
            VALUES (1, 1, 1, 'ONLY_THERE', 2, '{}', 'X1', false)
            """)
    }

    /// Both answer the same, whatever the session's time zone and date format are.
    @Test("psql and the report command return the same rows", .database)
    func psqlAndTheCommandAgree() async throws {
        try await addData()
        for report in Report.all where report.name != "database-statements" {
            let given = report.script.variables
            let values = ["operator": "ACME", "from": "2000-01-01", "to": "2100-01-01", "zone": "Asia/Tokyo"]
                .filter { given.contains($0.key) }.sorted { $0.key < $1.key }
            let file = "'\(Self.reports)/\(report.name).sql'"
            let psql = try await bash(
                "PGTZ=America/Lima PGDATESTYLE='SQL, DMY' psql -qX --csv -v ON_ERROR_STOP=1 "
                    + values.map { "-v \($0.key)=\($0.value) " }.joined() + "-f \(file) \"$DATABASE_URL\"")
            let ours = try await bash(
                "PGTZ=Pacific/Apia countersign report \(report.name) --format csv --raw "
                    + values.map { "--\($0.key) \($0.value) " }.joined())
            #expect(psql.status == 0 && ours.status == 0, "\(report.name): \(psql.error)\(ours.error)")
            let isAboutNow = report.name.hasPrefix("database-")
            #expect(isAboutNow || ours.output == psql.output, "\(report.name)")
            #expect(
                isAboutNow || report.name == "taken-without-outcome"
                    || report.name == "processed-not-acknowledged"
                    || ours.output.split(separator: "\n").count > 1, "\(report.name) is empty")
        }
    }

    @Test("A report is printed as JSON, table or CSV", .database)
    func eachFormatIsItself() async throws {
        try await addData()
        let json = try await bash("countersign report money --operator ACME --format json")
        let rows = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(rows?.count == 3)
        #expect(json.output.contains("\"amount\":188.10"))
        let table = try await bash("countersign report money --operator ACME")
        let lines = table.output.split(separator: "\n")
        #expect(lines.count == 4 && lines[0].hasPrefix("operator  charge_status  decision"))
        // A pipe is no terminal: no colours, and nothing on standard error.
        #expect(!table.output.contains("\u{1B}") && table.error == "")
        #expect(Set(lines.map(\.count)).count == 1)
        // The default is the last thirty days, and an empty period gives an empty report.
        let empty = try await bash("countersign report money --from 2001-01-01 --to 2001-02-01 --format csv")
        #expect(empty.output.split(separator: "\n").count == 1)
    }

    /// What the operator or its customers chose, such as an identifier, is text and never a formula.
    @Test("Text that a spreadsheet would run is harmless in CSV, and unchanged with --raw", .database)
    func formulasAreHarmless() async throws {
        let database = TestDatabase.current!
        let texts = [
            "=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "a;=1", "a\n-1", "\u{FF1D}1", "a=1-1", "acme-1",
            "a;b",
        ]
        try await database.addCharges(texts.count, prefix: "N")
        for (place, text) in texts.enumerated() {
            try await database.session.execute(
                """
                UPDATE countersign.charge SET billing_system_customer_identifier = '\(text)'
                WHERE number = 'N\(place + 1)'
                """)
        }
        let csv = "countersign report customers --format csv"
        let harmless = try await bash(csv).output
        for cell in [
            "'=1+1", "'+1", "'-1", "'@SUM(A1)", " '=1", "\"'\t'=1\"", "\"a;'=1\"", "\"a\n'-1\"",
            "'\u{FF1D}1", "a=1-1", "acme-1", "\"a;b\"",
        ] {
            #expect(harmless.contains(",\(cell),USD,"), "\(cell.debugDescription): \(harmless)")
        }
        let raw = try await bash(csv + " --raw").output
        for cell in texts.map({ $0.contains("\n") ? "\"\($0)\"" : $0 }) {
            #expect(raw.contains(",\(cell),USD,"), "\(cell.debugDescription): \(raw)")
        }
        #expect(try await bash("countersign report customers --raw").status == 2)
    }

    @Test("A wrong parameter is a one-line error", .database)
    func wrongValuesAreOneLine() async throws {
        try await addData()
        for (options, line) in [
            ("--operator NOBODY", "there is no operator NOBODY"), ("--from soon", "soon"),
            ("--zone Nowhere/Land", "Nowhere/Land"),
            ("--from 2026-02-01 --to 2026-01-01", "from must be before to"),
        ] {
            let result = try await bash("countersign report money \(options)")
            #expect(result.status == 1 && result.output == "")
            #expect(result.error.contains(line) && result.error.split(separator: "\n").count == 1)
        }
    }

    /// An error of psql shows in its exit status.
    @Test("psql exits with an error for an unknown operator", .database)
    func psqlFailsToo() async throws {
        let psql = try await bash(
            "psql -qX -v operator=NOBODY -f \(Self.reports)/money.sql \"$DATABASE_URL\"")
        #expect(psql.status == 3 && psql.error.contains("there is no operator NOBODY"))
    }

    /// A login that may not see other sessions is not told that none waits.
    @Test("A report warns of what its role may not see", .database)
    func whatCannotBeSeenIsWarnedOf() async throws {
        for name in ["database-lock-waits", "database-idle-transactions"] {
            let seen = try await bash("countersign report \(name)")
            #expect(seen.status == 0 && seen.error == "")
            let blind = try await bash(
                "PGOPTIONS='-c role=countersign_reporting' countersign report \(name)")
            #expect(blind.status == 0, "\(blind.error)")
            #expect(blind.error.contains("GRANT pg_read_all_stats TO countersign_reporting"))
        }
        let indexes = try await bash(
            "PGOPTIONS='-c role=countersign_reporting' countersign report database-indexes --format csv")
        let rows = indexes.output.split(separator: "\n").dropFirst()
        // Missing figures differ from no bloat.
        #expect(!rows.isEmpty && rows.allSatisfy { $0.hasSuffix(",,") })
    }

    @Test("A report names the extension that it lacks", .database)
    func aMissingExtensionIsNamed() async throws {
        let result = try await bash("countersign report database-statements")
        #expect(result.status == 1 && result.output == "")
        #expect(
            result.error.hasPrefix(
                "countersign: the report database-statements needs the extension pg_stat_statements"),
            "\(result.error)")
        #expect(result.error.contains("shared_preload_libraries = 'pg_stat_statements'"))
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test("report --list names every report, and --describe prints one's header")
    func theListNamesThemAll() async throws {
        let list = try await Program.run("report", "--list")
        #expect(list.output.split(separator: "\n").count == Report.all.count)
        let described = try await Program.run("report", "money", "--describe")
        #expect(described.output.hasPrefix("Question: How much money"))
    }

    @Test("A node stores its failed item counts when it stops", .database)
    func aNodeStoresItsCountsWhenItStops() async throws {
        let database = TestDatabase.current!
        try await Program.addDemoUser(to: database)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let client = try await Client(port: try await node.ports().operators).login("ACME")
        _ = try await client.accept([("I1", "c1")])
        #expect(await node.end() == 0)
        #expect(
            try await database.session.texts("SELECT error_code FROM reporting.failed_items")
                == ["CHARGE_NOT_FOUND"])
    }
}
