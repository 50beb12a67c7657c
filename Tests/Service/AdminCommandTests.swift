import Foundation
import TestSupport
import Testing

/// Tests of `countersign admin`, and of the port that administrators use.
@Suite struct AdminCommandTests {
    private func run(_ script: String) async throws -> Program.Result {
        try await Program.bash(
            script, environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString],
            in: "/tmp")
    }

    @Test("Administrators are added, listed, suspended, resumed and get new passwords", .database)
    func story() async throws {
        let made = try await run(
            """
            set -e
            echo 'a long password' | countersign admin add maria
            echo short | countersign admin add --allow-short eve
            countersign admin suspend maria
            countersign admin suspend eve
            countersign admin resume maria
            echo 'another password' | countersign admin set-password maria
            countersign admin list --format json
            """)
        #expect(made.status == 0, "\(made.error)")
        let said = made.error.split(separator: "\n").map(String.init)
        #expect(
            said == [
                "Administrator maria was added.", "Administrator eve was added.",
                "Administrator maria was suspended.", "Administrator eve was suspended.",
                "The service has no active administrator.", "Administrator maria was resumed.",
                "The password of administrator maria was changed.",
            ])
        let rows = try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [[String: Any]] ?? []
        #expect(rows.map { $0["name"] as? String } == ["eve", "maria"])
        #expect(rows[0]["suspended_on"] is String && !(rows[1]["suspended_on"] is String))
    }

    @Test(
        "A name that is taken or not there, and a short password, are failures", .database,
        arguments: [
            "echo 'a long password' | countersign admin add maria", "echo short | countersign admin add eve",
            "countersign admin suspend eve", "countersign admin resume eve",
            "echo 'a long password' | countersign admin set-password eve",
            "echo 'a long password' | countersign admin add ''",
        ])
    func failures(_ script: String) async throws {
        let made = try await run("echo 'a long password' | countersign admin add maria")
        #expect(made.status == 0, "\(made.error)")
        let result = try await run(script)
        #expect(result.status == 1 && result.output.isEmpty, "\(result.error)")
        #expect(result.error.hasPrefix("countersign: "), "\(result.error)")
    }

    @Test("A node has the administration's port only if it is told to, and writes its status", .database)
    func port() async throws {
        let database = TestDatabase.current!
        let port = TestServer.freePort()
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--admin-port", "\(port)", "--node-name", "one",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let other = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--node-name", "two",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        _ = try await node.ports()
        _ = try await other.ports()
        try await database.session.wait(
            until: """
                (SELECT string_agg(name, ' ' ORDER BY name) FROM countersign.node_status
                    WHERE version <> '' AND started_on <= last_seen_on) = 'one two'
                """)
        let answer = try await Program.bash(
            "curl -s --retry 20 --retry-connrefused -o /dev/null -w '%{http_code}' http://127.0.0.1:\(port)/livez",
            environment: [:], in: "/tmp")
        #expect(answer.output == "200", "\(answer)")
        let other404 = try await Program.bash(
            "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:\(port)/crmapi/rest/v2/netflix/charges/list",
            environment: [:], in: "/tmp")
        #expect(other404.output == "404", "\(other404)")
        #expect(await node.end() == 0)
        #expect(await other.end() == 0)
    }

    @Test("The connection strings of administration and reports are secrets, as the database's is")
    func secrets() async throws {
        let result = try await Program.bash(
            """
            countersign serve --print-configuration \
                --administration-database 'postgresql://maria:hush-1@db/x' --reporting-database 'password=hush-2'
            """,
            environment: ["DATABASE_URL": "password=hush-3"], in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
        #expect(!result.output.contains("hush"), "\(result.output)")
        #expect(result.output.contains("administration-database"))
    }

    @Test("A wrong port or connection string names its setting")
    func wrongSettings() async throws {
        for (option, value) in [
            ("admin-port", "x"), ("administration-database", "host"), ("reporting-database", "="),
        ] {
            let result = try await Program.run("serve", "--\(option)", value, in: "/tmp")
            #expect(
                result.status == 2 && result.error.contains("the setting \(option) (flag)"), "\(result.error)"
            )
        }
    }
}
