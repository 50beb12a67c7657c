import ChargeStore
import Foundation
import Glibc
import TestSupport
import Testing

/// Tests of how a node stops, and how it answers meanwhile.
@Suite struct ShutdownTests {
    private func serve(_ option: String, _ value: String) throws -> RunningProgram {
        try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", option, value,
            environment: ["DATABASE_URL": TestDatabase.current.applicationConnectionString])
    }

    @Test("A draining node takes calls until a second signal", .database)
    func whileItDrainsItTakesCalls() async throws {
        try await TestDatabase.current.addCharges(1, prefix: "I")
        let node = try serve("--drain-milliseconds", "60000")
        let client = Client(port: try await node.ports().operators)
        #expect(try await client.answers(200, to: "/readyz"))
        node.signal(SIGTERM)
        #expect(try await client.answers(503, to: "/readyz"))
        #expect(try await client.get("/livez").status == 200)
        #expect(try await client.accept([("I1", "cI1")]).code == "INVALID_TOKEN")
        // A second signal stops it at once: it does not wait for the minute to pass.
        #expect(await node.end() == 0)
    }

    /// A node may be stopped at any moment after its first line of output.
    @Test("A node that is signalled at its first log line exits with success", .database)
    func aSignalAtItsFirstWordEndsItWell() async throws {
        for _ in 0..<10 {
            let node = try serve("--drain-milliseconds", "0")
            try await node.line(with: "{")
            #expect(await node.end() == 0)
        }
    }

    /// A call that waits for a charge that the test holds: its code, and those of its items that failed.
    private func callThatWaits(
        _ body: (RunningProgram, Task<[String], any Error>, TestSession) async throws -> Void
    ) async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "I")
        try await Program.addDemoUser(to: database)
        let node = try serve("--lock-wait-milliseconds", "8000")
        let client = try await Client(port: try await node.ports().operators).login("ACME")
        let holder = TestSession(database.ownerParameters)
        try await holder.execute("BEGIN; SELECT FROM countersign.charge FOR UPDATE")
        let call = Task {
            let answer = try await client.accept([("I1", "cI1")])
            return [answer.code] + answer.failures.values
        }
        try await database.session.wait(
            until: """
                EXISTS (
                    SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock')
                """)
        try await body(node, call, holder)
        await holder.close()
    }

    @Test("A call under way is answered before the node stops", .database)
    func aCallUnderWayEndsFirst() async throws {
        try await callThatWaits { node, call, holder in
            node.signal(SIGTERM)
            try await node.line(with: "stopping")
            try await holder.execute("COMMIT")
            #expect(try await call.value == ["OK"])
            // No further signal is needed.
            #expect(await node.end(0) == 0)
        }
    }

    @Test("A second signal cuts off a call under way", .database)
    func aSecondSignalCutsItOff() async throws {
        try await callThatWaits { node, call, holder in
            node.signal(SIGTERM)
            try await node.line(with: "stopping")
            // The charge is locked to the end.
            #expect(await node.end() == 0)
            await #expect(throws: (any Error).self) { try await call.value }
            try await holder.execute("COMMIT")
        }
    }

    @Test("A node's name is in its log and its database sessions", .database)
    func itHasAName() async throws {
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

    @Test("A node's name is in its metrics", .database)
    func itsMetricsBearItsName() async throws {
        let node = try serve("--node-name", "north-1")
        let metrics = try await Program.bash(
            "curl -s http://127.0.0.1:\(try await node.ports().internals)/metrics", in: "/tmp")
        #expect(
            metrics.output.contains("\ncountersign_node_info{node=\"north-1\",build=\"\(Build.number)\"} 1\n")
        )
        #expect(await node.end() == 0)
    }

    @Test(
        "A node name with spaces, non-ASCII or too many characters is refused", .database,
        arguments: ["a b", "é", String(repeating: "x", count: 51)])
    func aNameIsOneShortWord(_ name: String) async throws {
        let result = try await Program.run("serve", "--node-name", name)
        #expect(result.status == 2)
        #expect(result.error.contains("the setting node-name (flag) must be"))
    }

    /// The test makes the change by which a later release's migration excludes this build.
    @Test("A schema that no longer admits the build makes the node unready", .database)
    func aSchemaThatDoesNotAdmitItAnyMoreMakesItUnready() async throws {
        let node = try serve("--node-name", "north-1")
        let client = Client(port: try await node.ports().operators)
        #expect(try await client.answers(200, to: "/readyz"))
        try await TestDatabase.current.session.execute(
            """
            INSERT INTO countersign.migration (number, name, checksum, oldest_build)
            VALUES (9999, 'later', sha256('later'), \(Build.number + 1))
            """)
        #expect(try await client.answers(503, to: "/readyz"))
        #expect(await node.end() == 0)
    }
}
