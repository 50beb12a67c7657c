import Foundation
import TestSupport
import Testing

/// Tests of the commands for the roles of users and keys.
@Suite struct RoleCommandTests {
    private func run(_ script: String) async throws -> Program.Result {
        try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
    }

    private func said(_ script: String) async throws -> String {
        let result = try await run(script)
        #expect(result.status == 0, "\(script): \(result.error)")
        return result.error
    }

    /// The names of an operator's users or keys with their roles, as `list` gives them.
    private func roles(_ kind: String, _ name: String) async throws -> [String] {
        let result = try await run("countersign \(kind) list --operator ACME --format json")
        let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
        return rows.map { "\($0[name] ?? "") \($0["role"] ?? "")" }
    }

    private func generations(_ table: String) async throws -> [String?] {
        try await TestDatabase.current.session.texts(
            "SELECT token_generation::text FROM countersign.\(table) WHERE operator_id = 1 ORDER BY created_on"
        )
    }

    private func add(_ username: String, _ options: String = "") async throws -> String {
        try await said(
            "echo 'a long password' | countersign user add --operator ACME --username \(username) \(options)")
    }

    @Test("The first user is an administrator, later ones are deciders, unless --role is given", .database)
    func theFirstUser() async throws {
        #expect(
            try await add("anna") == "User anna of operator ACME was added with the role administrator.\n")
        #expect(try await add("bob") == "User bob of operator ACME was added with the role decider.\n")
        _ = try await add("vera", "--role viewer")
        #expect(try await roles("user", "username") == ["anna administrator", "bob decider", "vera viewer"])
        // Each operator has a first user of its own.
        let other = try await said(
            "echo 'a long password' | countersign user add --operator GLOBEX --username anna")
        #expect(other.contains("with the role administrator"))
        let views = try await TestDatabase.current.session.texts(
            "SELECT role FROM reporting.operator_user WHERE operator = 'ACME' ORDER BY username")
        #expect(views == ["administrator", "decider", "viewer"])
    }

    @Test("A change of a user's role ends the tokens of before; the same role again ends none", .database)
    func aChangedRole() async throws {
        _ = try await add("anna")
        #expect(try await generations("operator_user") == ["1"])
        let role = "countersign user role --operator ACME --username anna"
        #expect(try await said("\(role) administrator").contains("already has the role administrator"))
        #expect(try await generations("operator_user") == ["1"])
        let demoted = try await said("\(role) viewer")
        #expect(
            demoted
                == "User anna of operator ACME has the role viewer now.\nOperator ACME has no active administrator.\n"
        )
        #expect(try await generations("operator_user") == ["2"])
        let revoked = try await TestDatabase.current.session.texts(
            "SELECT name || ' ' || generation FROM countersign.token_revocation WHERE kind = 'login'")
        #expect(revoked == ["anna 1"])
    }

    @Test(
        "A key is a decider, unless --role is given; a change of its role ends the tokens of before",
        .database)
    func keys() async throws {
        _ = try await said("countersign key add --operator ACME billing")
        _ = try await said("countersign key add --operator ACME reports --role viewer")
        #expect(try await roles("key", "name") == ["billing decider", "reports viewer"])
        let role = "countersign key role --operator ACME billing"
        #expect(
            try await said("\(role) administrator")
                == "Key billing of operator ACME has the role administrator now.\n")
        #expect(try await said("\(role) administrator").contains("already has"))
        #expect(try await generations("api_key") == ["2", "1"])
        #expect(try await roles("key", "name") == ["billing administrator", "reports viewer"])
    }

    @Test("Unknown roles, users, keys and operators are named", .database)
    func refusals() async throws {
        for (script, line, status) in [
            ("user role --operator ACME --username anna owner", "owner", 2 as Int32),
            ("user role --operator ACME --username anna viewer", "operator ACME has no user anna", 1),
            ("user role --operator NOBODY --username anna viewer", "operator NOBODY does not exist", 1),
            ("key role --operator ACME billing viewer", "operator ACME has no key billing", 1),
            ("key add --operator ACME billing --role Viewer", "Viewer", 2),
        ] {
            let result = try await run("countersign \(script)")
            #expect(result.error.contains(line), "\(result.error)")
            #expect(result.status == status)
            #expect(result.output == "")
        }
    }
}
