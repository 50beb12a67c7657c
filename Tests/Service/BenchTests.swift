import Foundation
import LibPQ
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of `countersign bench` on a service that is already running. A step of CI, `bench --smoke`, tests it on its
/// own service.
@Suite struct BenchTests {
    /// Runs the benchmark for three seconds: on a machine that is busy with other work a call may take one.
    private func bench(_ options: String, port: Int, database: String) async throws -> Program.Result {
        try await Program.bash(
            "countersign bench --url http://127.0.0.1:\(port) --database \"$DATABASE_URL\" "
                + "--charges 2000 --seconds 3 --warm-up-seconds 0 --runs 1 \(options)",
            environment: ["DATABASE_URL": database], in: "/tmp")
    }

    /// The test uses a server of its own, whose commits are durable: those of the tests' server are not.
    @Test("A service is measured, and one that stores nothing is detected")
    func aServiceIsMeasuredAndOneThatLiesIsFoundOut() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try EmbeddedPostgres(.init(directory: folder + "/server"))
        try server.start()
        defer { server.stop() }
        let database = ConnectionParameters(server.connectionParameters(database: "postgres"))
            .connectionString
        let migrated = try await Program.run("migrate", environment: ["DATABASE_URL": database])
        #expect(migrated.status == 0, "\(migrated.error)")

        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", environment: ["DATABASE_URL": database])
        let measured = try await bench(
            "load --items 10 --failing tenth --connections 2 --format json", port: node.ports().operators,
            database: database)
        #expect(measured.status == 0, "\(measured.error)")
        #expect(measured.output.contains("\"name\":\"10 a call, tenth failing\""))
        #expect(measured.output.contains("\"charges_per_second\":{\"median\":"))

        // The answers are OK, and nothing is stored.
        let liar = try AlwaysOKServer()
        let found = try await bench("load --connections 1", port: liar.port, database: database)
        #expect(found.status == 1)
        #expect(found.output == "")
        #expect(found.error.contains("items were answered OK, but the history has 0 more rows"))
        #expect(found.error.split(separator: "\n").count == 1)

        // The pages are empty.
        let empty = try await bench("list --connections 1", port: liar.port, database: database)
        #expect(empty.status == 1)
        #expect(empty.error.contains("lists had a wrong number of charges"), "\(empty.error)")
        // By now the node has published the decisions, for which a benchmark waits.
        #expect(await node.end() == 0)
    }

    @Test("A database without fsync is not measured", .database)
    func aDatabaseThatForgetsIsNotMeasured() async throws {
        let result = try await bench(
            "load", port: 1, database: TestDatabase.current.ownerConnectionString)
        #expect(result.status == 1)
        #expect(result.error.contains("fsync=off full_page_writes=off"), "\(result.error)")
    }
}
