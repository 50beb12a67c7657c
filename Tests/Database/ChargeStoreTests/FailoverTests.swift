import Authentication
import ChargeStore
import Charges
import Foundation
import LibPQ
import Logging
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of a node with two servers, of which one replaces the other.
@Suite(.serialized) struct FailoverTests {
    @Test("A node finds the promoted standby and ignores the returning old primary")
    func theNewPrimaryIsFoundAndTheOldOneIsLeft() async throws {
        let pair = try await ClusterFixture()
        defer { pair.end() }
        let store = try pair.makeStore()
        #expect(await pair.accept("N1", by: store) == "OK")

        // The old primary is gone, and the standby is promoted.
        pair.first.kill()
        let second = TestSession(pair.parameters(pair.second))
        try await second.execute("SELECT pg_promote()")
        #expect(await pair.accept("N2", by: store) == "OK")

        // The old primary comes back, first in the list and as writable as before.
        try pair.first.start()
        let first = TestSession(pair.parameters(pair.first))
        try await first.execute("CREATE TABLE it_is_writable ()")
        try await second.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'countersign_node'")
        #expect(await pair.accept("N3", by: store) == "OK")
        let fresh = try pair.makeStore()
        #expect(await pair.accept("N4", by: fresh) == "OK")
        let decided = "SELECT number FROM countersign.charge_history ORDER BY number"
        #expect(try await second.texts(decided) == ["N1", "N2", "N3", "N4"])
        #expect(try await first.texts(decided) == ["N1"])
        #expect(
            try await first.count("SELECT count(*) FROM pg_stat_activity WHERE usename = 'countersign_node'")
                == 0)

        await store.shutdown(deadline: .now + .patience)
        await fresh.shutdown(deadline: .now + .patience)
        await first.close()
        await second.close()
    }

    /// The node has a working connection to a server that is demoted meanwhile.
    @Test("A node leaves a primary that has become read-only")
    func aServerThatTakesNoWritesAnyMoreIsLeft() async throws {
        let pair = try await ClusterFixture()
        defer { pair.end() }
        let store = try pair.makeStore()
        #expect(await pair.accept("N1", by: store) == "OK")
        let second = TestSession(pair.parameters(pair.second))
        let first = TestSession(pair.parameters(pair.first))
        try await first.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        try await first.execute("SELECT pg_reload_conf()")
        // A session takes a new setting between its statements.
        while try await first.texts("SHOW default_transaction_read_only") == ["off"] {
            try await second.execute("SELECT pg_sleep_for('10 milliseconds')")
        }
        try await second.execute("SELECT pg_promote()")
        #expect(await pair.accept("N2", by: store) == "OK")
        #expect(
            try await second.texts("SELECT number FROM countersign.charge_history ORDER BY number") == [
                "N1", "N2",
            ])
        await store.shutdown(deadline: .now + .patience)
        await first.close()
        await second.close()
    }
}

/// Tests of another database in the place of the node's own, as writable and on as high a timeline.
@Suite struct OtherClusterTests {
    @Test("A node refuses the data of another database cluster")
    func theDataOfAnotherClusterAreNotTaken() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let servers = try ["ours", "other"].map { name in
            var configuration = EmbeddedPostgres.Configuration(directory: "\(folder)/\(name)")
            configuration.endsWithParent = true
            configuration.settings["fsync"] = "off"
            return try EmbeddedPostgres(configuration)
        }
        defer { for server in servers { server.kill() } }
        for server in servers {
            try server.start()
            let parameters = ConnectionParameters(server.connectionParameters(database: "postgres"))
            let administration = try AdministrationSession(database: parameters.connectionString)
            _ = try administration.migrate()
            try administration.addOperator(
                code: "ACME", currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
            administration.close()
        }
        let store = try Store(
            StoreConfiguration(
                database: ConnectionParameters([
                    "host": servers.map(\.socketDirectory).joined(separator: ","), "port": "5432",
                    "dbname": "postgres", "user": "postgres",
                ]).connectionString), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        store.start()
        func reads() async -> Bool {
            (try? await store.operators.account(code: "ACME", deadline: .now + .patience)) != nil
        }
        #expect(await reads())
        servers[0].kill()
        // The other server answers at once, and is not used.
        #expect(await !reads())
        #expect(await store.readiness(deadline: .now + .seconds(5)) == .silent)
        try servers[0].start()
        #expect(await reads())
        await store.shutdown(deadline: .now + .patience)
    }
}

/// A primary and its standby, migrated, with an operator and some charges.
private struct ClusterFixture {
    let first: EmbeddedPostgres
    let second: EmbeddedPostgres
    private let folder: String

    init() async throws {
        folder = TestServer.makeDirectory()
        first = try Self.server("\(folder)/first", settings: [:])
        try first.start()
        let parameters = ConnectionParameters(first.connectionParameters(database: "postgres"))
        let administration = try AdministrationSession(database: parameters.connectionString)
        _ = try administration.migrate()
        try administration.addOperator(
            code: "ACME", currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
        try administration.addNodeLogin("countersign_node")
        administration.close()
        let session = TestSession(parameters)
        try await TestDatabase(name: "postgres", session: session).addCharges(10, prefix: "N")
        await session.close()

        // The copy of a stopped server is the base of a standby.
        first.stop()
        let copying = try Process.run(
            URL(fileURLWithPath: "/bin/cp"), arguments: ["-a", "\(folder)/first", "\(folder)/second"])
        copying.waitUntilExit()
        FileManager.default.createFile(atPath: "\(folder)/second/data/standby.signal", contents: nil)
        try first.start()
        second = try Self.server(
            "\(folder)/second", settings: ["primary_conninfo": parameters.connectionString])
        try second.start()
        let standby = TestSession(self.parameters(second))
        // The standby has all that the primary has, before anything happens to the primary.
        let position = try await standby.count(
            "SELECT (pg_last_wal_replay_lsn() - '0/0')::bigint")
        #expect(position > 0)
        try await standby.wait(until: "EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')")
        await standby.close()
    }

    func parameters(_ server: EmbeddedPostgres) -> ConnectionParameters {
        ConnectionParameters(server.connectionParameters(database: "postgres"))
    }

    /// A node's store whose connection string names the first server first.
    func makeStore() throws -> Store {
        let parameters = ConnectionParameters([
            "host": "\(first.socketDirectory),\(second.socketDirectory)", "port": "5432",
            "dbname": "postgres", "user": "countersign_node",
        ])
        let store = try Store(
            StoreConfiguration(database: parameters.connectionString),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        store.start()
        return store
    }

    /// The answer to accepting a charge; the call is repeated while nothing of it is applied.
    func accept(_ number: String, by store: Store) async -> String {
        var answer = ""
        for _ in 0..<6 {
            do throws(RequestFailure) {
                return try await store.decisions.decide(.accepting([.charge(number)])).first?.text ?? ""
            } catch {
                answer = error.code.rawValue
                guard error.code == .serviceUnavailable else { return answer }
            }
        }
        return answer
    }

    func end() {
        first.kill()
        second.kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func server(_ directory: String, settings: [String: String]) throws -> EmbeddedPostgres {
        var configuration = EmbeddedPostgres.Configuration(directory: directory)
        configuration.endsWithParent = true
        configuration.settings = settings
        configuration.settings["fsync"] = "off"
        return try EmbeddedPostgres(configuration)
    }
}
