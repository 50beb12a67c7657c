import Foundation
import Glibc
import TestSupport
import Testing

/// How a node ends, and what it is called meanwhile.
@Suite struct StoppingTests {
    private func serve(_ option: String, _ value: String) throws -> RunningProgram {
        try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", option, value,
            environment: ["DATABASE_URL": TestDatabase.current.applicationConnectionString])
    }

    /// Asks until the node says that it is stopping.
    private func stopping(_ client: Client) async throws -> Bool {
        for _ in 0..<10_000 where try await client.get("/readyz").status == 503 { return true }
        return false
    }

    @Test(.database) func whileItDrainsItTakesCalls() async throws {
        try await TestDatabase.current.addCharges(1, prefix: "I")
        let node = try serve("--drain-milliseconds", "60000")
        let client = Client(port: try await node.ports().operators)
        #expect(try await client.get("/readyz").status == 200)
        node.signal(SIGTERM)
        #expect(try await stopping(client))
        #expect(try await client.get("/livez").status == 200)
        #expect(try await client.accept([("I1", "cI1")]).code == "INVALID_TOKEN")
        // A second signal hurries: it does not wait for the minute to pass.
        #expect(await node.end() == 0)
    }

    /// Whoever starts a node may stop it at any moment after it has said something.
    @Test(.database) func aSignalAtItsFirstWordEndsItWell() async throws {
        for _ in 0..<10 {
            let node = try serve("--drain-milliseconds", "0")
            try await node.line(with: "{")
            #expect(await node.end() == 0)
        }
    }

    @Test(.database) func itHasAName() async throws {
        let node = try serve("--node-name", "north-1")
        let line = try await node.line(with: "connected to the database")
        #expect(line.contains(#""node":"north-1""#))
        let names = try await TestDatabase.current.session.texts(
            """
            SELECT DISTINCT application_name FROM pg_stat_activity
            WHERE datname = current_database() AND usename = 'countersign_node'
            """)
        #expect(names == ["countersign north-1"])
        #expect(await node.end() == 0)
    }

    @Test(.database, arguments: ["a b", "é", String(repeating: "x", count: 51)])
    func aNameIsOneShortWord(_ name: String) async throws {
        let result = try await Program.run("serve", "--node-name", name)
        #expect(result.status == 2)
        #expect(result.error.contains("the setting node-name (flag) must be"))
    }
}
