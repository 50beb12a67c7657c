import ChargeStore
import Charges
import LibPQ
import Scheduling
import TestSupport
import Testing

/// Tests of in-doubt commits: the answer to a COMMIT is lost on the way, and the call's answer is true nevertheless.
@Suite struct InDoubtCommitTests {
    private let database = TestDatabase.current!
    private let items = [DecisionItem.charge("N1", reference: "R1"), .charge("N2"), .charge("absent")]

    /// A call whose answer is lost waits for it half of its time. In the other half it resolves the commit, so that a busy
    /// machine changes no outcome.
    private static let reserve = DeadlineBudget.Reserve(maximum: .patience, divisor: 2)
    private static let time = Duration.seconds(40)

    /// Runs a body with a store that reaches its database through a proxy.
    private func withProxy(
        maximumConnections: Int? = nil, reserve: DeadlineBudget.Reserve = Self.reserve,
        _ body: (TCPProxy, Store) async throws -> Void
    ) async throws {
        try await database.addCharges(3, prefix: "N")
        let proxy = TCPProxy(serverPort: TestServer.shared.loopbackPort)
        var parameters = database.applicationParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(proxy.port)"
        let connectionString = parameters.connectionString
        try await database.withStore(configure: {
            $0.database = connectionString
            $0.decisionReserve = reserve
            if let maximumConnections { $0.maximumConnections = maximumConnections }
        }) { (store: Store) async throws in
            // The node has connected, and prepared its statements, before a connection is broken.
            _ = try await store.decisions.decide(.accepting([.charge("absent")]))
            try await body(proxy, store)
        }
        proxy.close()
    }

    private func historyCount() async throws -> Int {
        try await database.session.count("SELECT count(*) FROM countersign.charge_history")
    }

    /// The server processes of the node's connections.
    private func nodeSessions() async throws -> Set<String> {
        Set(
            try await database.session.texts(
                """
                SELECT pid::text FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'countersign_node'
                """
            ).compactMap(\.self))
    }

    @Test("A commit cut off before it reaches the server is made again", .database)
    func cutBeforeItArrives() async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.cutBeforeArrival)
            let outcomes = try await store.decisions.decide(.accepting(items))
            #expect(outcomes.map(\.text) == ["OK", "OK", "CHARGE_NOT_FOUND"])
            #expect(proxy.isDone)
            #expect(try await historyCount() == 2)
        }
    }

    @Test("A commit whose answer is cut off is found committed", .database)
    func cutBeforeTheAnswer() async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.cutBeforeAnswer)
            let outcomes = try await store.decisions.decide(.accepting(items))
            #expect(outcomes.map(\.text) == ["OK", "OK", "CHARGE_NOT_FOUND"])
            #expect(proxy.isDone)
            #expect(try await historyCount() == 2)
        }
    }

    @Test("A commit whose answer never arrives is found committed", .database)
    func theAnswerIsSwallowed() async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.swallowAnswer)
            let outcomes = try await store.decisions.decide(
                .accepting(Array(items[..<2]), within: Self.time))
            #expect(outcomes.map(\.text) == ["OK", "OK"])
            #expect(proxy.isDone)
            #expect(try await historyCount() == 2)
        }
    }

    @Test("A commit that is delayed past its deadline applies nothing", .database)
    func whatIsHeldBackIsAppliedByNobodyAnyMore() async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            let sessions = try await nodeSessions()
            proxy.breakNext(.hold)
            await #expect(throws: RequestFailure.serviceUnavailable) {
                try await store.decisions.decide(.accepting(items, within: Self.time))
            }
            proxy.releaseHeld()
            // The late transaction finds its deadline passed or its batch id taken; its answer reaches no caller, and
            // the session ends.
            let gone = sessions.map { "\($0) NOT IN (SELECT pid FROM pg_stat_activity)" }.joined(
                separator: " OR ")
            try await database.session.wait(until: gone)
            #expect(try await historyCount() == 0)
        }
    }

    @Test("An in-doubt commit that cannot be resolved is OUTCOME_UNKNOWN", .database)
    func whatCannotBeResolvedIsUnknown() async throws {
        try await withProxy(reserve: .decision) { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.swallowAnswerAndDie)
            await #expect(throws: RequestFailure.outcomeUnknown) {
                try await store.decisions.decide(.accepting(items, within: .seconds(12)))
            }
            #expect(try await historyCount() == 2)
        }
    }

    /// One of two calls in a batch has no time left when the outcome can be resolved.
    @Test("A call with time left is answered once its in-doubt commit is resolved", .database)
    func aCallWithTimeLeftIsAnsweredLater() async throws {
        try await withProxy(maximumConnections: 1, reserve: .decision) {
            (proxy: TCPProxy, store: Store) async throws in
            let urgentTime = Duration.seconds(12)
            let calls = try await BatchFixture(in: store, on: database, urgentTime: urgentTime)
            // The call began before this moment.
            let urgentEnds = ContinuousClock.now + urgentTime
            proxy.breakNext(.swallowAnswerAndDie)
            try await calls.releaseLock()
            try await wait(until: { .now >= urgentEnds })
            proxy.revive()
            #expect(try await calls.patient.value.map(\.text) == ["OK"])
            _ = try? await calls.urgent.value
            #expect(try await historyCount() == 2)
        }
    }
}
