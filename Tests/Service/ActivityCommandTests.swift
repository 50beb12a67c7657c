import Foundation
import TestSupport
import Testing

/// Tests of `countersign activity list`.
@Suite struct ActivityCommandTests {
    private func run(_ script: String) async throws -> Program.Result {
        try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
    }

    /// The rows of the JSON format: kind, actor, subject, old and new value.
    private func listed(_ options: String) async throws -> [String] {
        let result = try await run("countersign activity list --format json \(options)")
        #expect(result.status == 0, "\(result.error)")
        let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        return rows.map { row in
            ["kind", "actor", "subject", "old_value", "new_value"].map { row[$0] as? String ?? "-" }
                .joined(separator: " ")
        }
    }

    @Test("The list shows who changed what, newest first, of one operator, one kind, or all", .database)
    func list() async throws {
        let made = try await run(
            """
            set -e
            echo 'a long password' | countersign user add --operator ACME --username anna
            countersign user role --operator ACME --username anna viewer
            countersign provider-key add bridge > /dev/null
            """)
        #expect(made.status == 0, "\(made.error)")
        #expect(
            try await listed("--operator ACME") == [
                "USER_ROLE_CHANGED countersign_admin anna administrator viewer",
                "USER_ADDED countersign_admin anna - administrator",
                "OPERATOR_ADDED postgres ACME - -",
            ])
        #expect(
            try await listed("--operator ACME --kind USER_ADDED") == [
                "USER_ADDED countersign_admin anna - administrator"
            ])
        #expect(try await listed("--limit 1") == ["PROVIDER_KEY_ADDED countersign_admin bridge - -"])
        let text = try await run("countersign activity list --operator ACME --limit 1")
        #expect(text.output.split(separator: "\n").count == 2)
        #expect(text.output.hasPrefix("made_on "))
    }

    @Test(
        "A wrong option is wrong usage, and an unknown operator a failure", .database,
        arguments: [("--kind NOTHING", 2), ("--limit 0", 2), ("--operator NOBODY", 1)])
    func wrong(_ options: String, _ status: Int32) async throws {
        let result = try await run("countersign activity list \(options)")
        #expect(result.status == status && result.output.isEmpty, "\(result.error)")
    }
}
