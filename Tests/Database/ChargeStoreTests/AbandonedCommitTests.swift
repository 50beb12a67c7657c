import ChargeStore
import Charges
import LibPQ
import Logging
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of commits that wait for a standby that is not there. The server's processes stay when the node has abandoned
/// them.
@Suite struct AbandonedCommitTests {
    @Test("Server processes of abandoned commits count against the pool's bound")
    func theyCountAgainstThePool() async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let parameters = ConnectionParameters(server.connectionParameters(database: "postgres"))
        let administration = try AdministrationSession(database: parameters.connectionString)
        _ = try administration.migrate()
        try administration.addOperator(
            code: "ACME", currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
        try administration.addNodeLogin("countersign_node")
        administration.close()
        let session = TestSession(parameters)
        try await TestDatabase(name: "postgres", session: session).addCharges(1000, prefix: "N")

        var node = parameters
        node["user"] = "countersign_node"
        var store = StoreConfiguration(database: node.connectionString)
        store.maximumConnections = 2
        let most = store.maximumConnections + store.maximumWaitingConnections + 2
        let stalled = try Store(store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        stalled.start()
        func decide(_ number: Int, within time: Duration) async -> String {
            do throws(RequestFailure) {
                let call = DecisionCall.accepting([.charge("N\(number)")], within: time)
                return try await stalled.decisions.decide(call).first?.text ?? ""
            } catch {
                return error.code.rawValue
            }
        }
        #expect(await decide(1, within: .patience) == "OK")

        try await session.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try await session.execute("SELECT pg_reload_conf()")
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'countersign_node' AND wait_event = 'SyncRep'"
        // The checkpointer tells the other processes a moment later; once one session's commit waits, all do.
        var next = 2
        while try await session.count(waiting) < store.maximumConnections {
            _ = await decide(next, within: .milliseconds(300))
            next += 1
        }
        var answers: Set<String> = []
        for number in next..<next + 15 {
            answers.insert(await decide(number, within: .milliseconds(300)))
            // Without a bound, each call would add more.
            #expect(try await session.count(waiting) <= most)
        }
        #expect(answers.isSubset(of: ["OUTCOME_UNKNOWN", "SERVICE_UNAVAILABLE"]), "\(answers)")

        // Once the processes are gone, the node has its connections back.
        try await session.execute("ALTER SYSTEM RESET synchronous_standby_names")
        try await session.execute("SELECT pg_reload_conf()")
        #expect(await decide(next + 15, within: .patience) == "OK")
        await stalled.shutdown(deadline: .now + .patience)
        await session.close()
    }
}
