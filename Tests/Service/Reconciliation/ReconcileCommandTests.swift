import Foundation
import TestSupport
import Testing

/// Tests of `countersign reconcile …`, run as an administrator.
@Suite struct ReconcileCommandTests {
    private var database: TestDatabase { TestDatabase.current }

    private func run(_ command: String, input: String = "") async throws -> Program.Result {
        try await Program.bash(
            command, environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp",
            input: input)
    }

    private func reconcile(_ file: String, _ options: String = "") async throws -> Program.Result {
        try await run(
            "countersign reconcile - --operator ACME --from 2020-10-01 --to 2020-11-01 \(options)",
            input: file)
    }

    /// Three charges that were accepted in October 2020.
    private func addAccepted() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.charge
            SET revision = 1, decision = 'ACCEPTED', decided_on = '2020-10-05Z', decision_made_by = 'operator';
            RESET session_replication_role
            """)
    }

    @Test("A file that matches gives status 0; one that does not, status 3 and its differences", .database)
    func statusesAndFormats() async throws {
        try await addAccepted()
        let same = try await reconcile("number;amount\nN1;9,9\nN2;9,90\nN3;9,900\n")
        #expect(same.status == 0, "\(same.error)")
        #expect(same.output.contains("MATCHED  THERE  USD"), "\(same.output)")
        let other = try await reconcile("number,amount\nN1,9.90\nN2,9.91\n", "--format csv")
        #expect(other.status == 3)
        #expect(other.error == "countersign: 2 differences were found\n")
        let lines = other.output.split(separator: "\n")
        #expect(lines.count == 3, "\(other.output)")
        #expect(
            lines.dropFirst().first?.hasPrefix(
                "1,AMOUNT_DIFFERS,3,amount,,,N2,,,9.91,,,,ACCEPTED,,N2,,cN2,9.90,USD,") == true)
        let table = try await run("countersign reconcile show 2 --operator ACME")
        #expect(table.status == 3)
        #expect(table.output.contains("amount 9.91  amount 9.90"), "\(table.output)")
        #expect(table.output.contains("ONLY_HERE"))
        let closed = try await run(
            "countersign reconcile close 2 1 2 --operator ACME --reason 'billed in November'")
        #expect(closed.status == 0, "\(closed.error)")
        let list = try await run("countersign reconcile list --operator ACME --format json")
        #expect(list.output.contains(#""differences":"2","closed":"2""#), "\(list.output)")
        let unknown = try await run("countersign reconcile close 2 3 --operator ACME --reason x")
        #expect(unknown.status == 1 && unknown.error == "countersign: reconciliation 2 has no difference 3\n")
    }

    @Test(
        "A file that cannot be compared gives status 1 and one line", .database,
        arguments: [
            ("", "the file is empty"),
            ("a,b\n1,2\n", "line 1: the first line must be a header; it names none of the columns"),
            ("amount\n9.90\n", "line 1: the header has neither number nor reference_number"),
            (
                "number,amount\nN1,9.90\nN2;9.90\n",
                "line 3: the line has 1 value, but the header has 2 columns"
            ),
            ("number,amount\nN1,\"9.90\n", "line 2: a quote is not closed"),
        ])
    func badFilesAreRefused(_ file: String, _ reason: String) async throws {
        let result = try await reconcile(file)
        #expect(result.status == 1)
        #expect(
            result.error.hasPrefix("countersign: the file cannot be compared: \(reason)"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
        let list = try await run("countersign reconcile list --operator ACME --format json")
        #expect(list.output.contains(#""state":"FAILED""#))
    }

    @Test("A wrong period is wrong usage", .database)
    func aWrongPeriodIsRefused() async throws {
        let result = try await run(
            "countersign reconcile x.csv --operator ACME --from 2020-10-01 --to 2020-10-01")
        #expect(result.status == 2)
        #expect(result.error == "countersign: --from must be before --to\n")
    }

    /// The script knows what it planted. It shares no code with the comparison.
    @Test(
        "500 planted differences are found in their classes, none falsely, and the sums are exact", .database)
    func whatIsPlantedIsFound() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "planted-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "planted_differences.py"
        ).path
        // 100,000 rows in scripts/long-tests/reconciliation.
        let planted = try await run("python3 \(script) plant 10000 \(folder.path)")
        #expect(planted.status == 0, "\(planted.error)")
        let load = try String(contentsOf: folder.appending(path: "load.sql"), encoding: .utf8)
        try await database.session.execute(load)
        let found = try await run(
            """
            (countersign reconcile \(folder.path)/file.csv --operator ACME --from 2020-10-01 --to 2020-11-01 \
                --format json || [ $? = 3 ]) |
                python3 \(script) check \(folder.path)
            """)
        #expect(found.status == 0, "\(found.output)\(found.error)")
        #expect(found.output.hasPrefix("500 planted, "))
    }
}
