import Authentication
import ChargeStore
import Charges
import LibPQ
import Logging
import EmbeddedPostgres
import TestSupport

/// A server of one test's own, with a node's store on it, whose synchronous standby comes and goes.
struct UnreplicatedServerFixture {
    let store: Store
    let session: TestSession
    private let database: ConnectionParameters
    private let server: EmbeddedPostgres

    /// Starts the server. The standby is not required yet: commits are answered at once.
    init() async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        server = try EmbeddedPostgres(configuration)
        try server.start()
        database = ConnectionParameters(server.connectionParameters(database: "postgres"))
        let administration = try AdministrationSession(database: database.connectionString)
        _ = try administration.migrate()
        for operatorCode in ["ACME", "GLOBEX"] {
            try administration.addOperator(
                code: operatorCode, currency: "EUR", undecidedPolicy: .hold, undecidedWindowSeconds: 3600)
        }
        try administration.addNodeLogin("countersign_node")
        administration.close()
        session = TestSession(database)
        // Whatever message level an administrator sets, a wait that was cut short is noticed.
        try await session.execute("ALTER ROLE countersign_node SET client_min_messages = 'error'")
        var node = database
        node["user"] = "countersign_node"
        store = try Store(
            StoreConfiguration(database: node.connectionString),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        store.start()
    }

    func stop() async {
        await store.shutdown(deadline: .now + .patience)
        await session.close()
        server.kill()
    }

    /// Requires the standby: after the return every commit waits for a standby that is not there.
    func loseStandby() async throws {
        try await setStandby("nobody")
        // The checkpointer tells the other processes a moment later: a commit shows when.
        let probe = TestSession(database)
        let commits = Task {
            while !Task.isCancelled {
                try await probe.execute("SELECT pg_logical_emit_message(true, 'probe', '')")
            }
        }
        try await session.wait(until: Self.isWaiting("postgres"))
        commits.cancel()
        try await session.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND wait_event = 'SyncRep'"
        )
        _ = await commits.result
        await probe.close()
    }

    /// Releases all commits that wait.
    func regainStandby() async throws {
        try await setStandby("")
    }

    /// Whether a session of a login waits for the standby, as an SQL expression.
    private static func isWaiting(_ login: String) -> String {
        "EXISTS (SELECT FROM pg_stat_activity WHERE usename = '\(login)' AND wait_event = 'SyncRep')"
    }

    /// Asks for an answer while the standby is away. It brings the standby back once the answer waits for it, or has
    /// come without waiting.
    func answerOnceReplicated(_ call: @escaping @Sendable () async throws -> String) async throws
        -> (text: String, waited: Bool)
    {
        try await loseStandby()
        let asking = Task { try await call() }
        // Whichever comes first.
        let (first, continuation) = AsyncStream<Bool>.makeStream()
        let watcher = TestSession(database)
        Task {
            if (try? await watcher.wait(until: Self.isWaiting("countersign_node"))) != nil {
                continuation.yield(true)
            }
        }
        Task {
            _ = await asking.result
            continuation.yield(false)
        }
        var waited = false
        for await found in first {
            waited = found
            break
        }
        try await regainStandby()
        return (try await asking.value, waited)
    }

    /// Asks for an answer while the standby is away, and cancels the wait for it.
    ///
    /// - Returns: The answer, or the code of its failure.
    func answerOnceCutOff(_ call: @escaping @Sendable () async throws -> String) async throws -> String {
        try await loseStandby()
        let asking = Task {
            do {
                return try await call()
            } catch let failure as RequestFailure {
                return failure.code.rawValue
            }
        }
        try await session.wait(until: Self.isWaiting("countersign_node"))
        try await session.execute(
            """
            SELECT pg_cancel_backend(pid) FROM pg_stat_activity
            WHERE usename = 'countersign_node' AND wait_event = 'SyncRep'
            """)
        let answer = try await asking.value
        try await regainStandby()
        return answer
    }

    private func setStandby(_ name: String) async throws {
        try await session.execute("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
        try await session.execute("SELECT pg_reload_conf()")
    }

    /// Makes the rows that `ReplicatedReadTests` reads.
    func prepare() async throws {
        try await TestDatabase(name: "postgres", session: session).addCharges(9, prefix: "N")
        var steps: [String] = []
        func decide(
            _ number: String, _ decision: Decision = .accepted, reference: String? = nil, key: String? = nil
        )
            async throws
        {
            let call = DecisionCall.accepting(
                [.charge(number, reference: reference)], decision: decision,
                idempotencyKey: key.map { ExactText($0) })
            steps += try await store.decisions.decide(call).map(\.text)
        }
        try await decide("N1", reference: "R1", key: "k1")
        try await decide("N2", key: "k2")
        try await decide("N2", .declined)
        for number in ["N3", "N4", "N5"] { try await decide(number) }
        steps += try await store.process(.take, [.charge("N3", 1)])
        for number in ["N4", "N5"] {
            steps += try await store.process(.outcome, [.charge(number, outcome: "APPROVED")])
        }
        steps += try await store.decisions.decide(.call(.acknowledge, [.charge("N5")])).map(\.text)
        precondition(Set(steps) == ["OK"], "\(steps)")
        let ingested = try await store.ingest([.charge("p1")])
        precondition(ingested == ["I00000001 new"], "\(ingested)")
        await store.publisher.publish(deadline: .now + .patience)
        try await store.tokenRevocations.revoke(
            token: "j1", of: TestDatabase.acme.identifier, deadline: .now + .patience)
        try await session.execute(
            """
            UPDATE countersign.operator SET suspended_on = now() WHERE code = 'GLOBEX';
            INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES (1, 'anna', 'hash');
            INSERT INTO countersign.api_key (operator_id, name, key_hash)
                VALUES (1, 'billing', decode(repeat('07', 32), 'hex'));
            INSERT INTO countersign.provider_key (name, key_hash, revoked_on)
                VALUES ('bridge', decode(repeat('07', 32), 'hex'), now());
            INSERT INTO countersign.signing_key (identifier, secret)
                VALUES ('s1', decode(repeat('07', 32), 'hex'));
            """)
    }
}
