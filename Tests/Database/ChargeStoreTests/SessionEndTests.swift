import Authentication
import ChargeStore
import Charges
import LibPQ
import TestSupport
import Testing

/// Tests of sessions that end while they are idle, and of a server that lacks space: what provably applied nothing is
/// tried again unseen, or is answered so.
@Suite struct SessionEndTests {
    private let database = TestDatabase.current!

    /// The codes by which a server ends a session that does nothing wrong.
    private static let codes = ["57P05", "25P03", "57P01", "57P02", "57P04"]

    /// Runs a body with a store that reaches its database through a proxy.
    private func withProxy(_ body: (TCPProxy, Store) async throws -> Void) async throws {
        try await database.addCharges(60, prefix: "N")
        let proxy = TCPProxy(serverPort: TestServer.shared.loopbackPort)
        defer { proxy.close() }
        var parameters = database.applicationParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(proxy.port)"
        let connectionString = parameters.connectionString
        try await database.withStore(configure: { $0.database = connectionString }) {
            (store: Store) async throws in
            // The node has connected before a connection is broken.
            _ = try await store.decisions.decide(.accepting([.charge("absent")]))
            try await body(proxy, store)
        }
    }

    private func historyCount() async throws -> Int {
        try await database.session.count("SELECT count(*) FROM countersign.charge_history")
    }

    @Test("A decision on a session that has ended is made on another one", .database, arguments: codes)
    func aDecisionIsMadeOnAnotherSession(_ code: String) async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.answer(TCPProxy.endOfSession(code)))
            let outcomes = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
            #expect(proxy.isDone)
            #expect(outcomes.map(\.text) == ["OK", "OK"])
        }
    }

    @Test("A list on a session that has ended is read on another one", .database, arguments: codes)
    func aListIsReadOnAnotherSession(_ code: String) async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.answer(TCPProxy.endOfSession(code)), of: "charge_list_pending_by_offset")
            let page = try await store.charges.page(
                ChargeListQuery(
                    operatorIdentifier: TestDatabase.acme.identifier,
                    filter: ChargeListFilter(isProcessed: false), start: .offset(0), count: 50,
                    deadline: .now + .patience))
            #expect(proxy.isDone)
            #expect(page.charges.count == 50)
        }
    }

    @Test("A token is revoked on another session than one that has ended", .database, arguments: codes)
    func aTokenIsRevokedOnAnotherSession(_ code: String) async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.answer(TCPProxy.endOfSession(code)))
            try await store.tokenRevocations.revoke(
                token: "token", of: TestDatabase.acme.identifier, deadline: .now + .patience)
            #expect(proxy.isDone)
        }
    }

    @Test(
        "The provider's charges come in on another session than one that has ended", .database,
        arguments: codes)
    func chargesComeInOnAnotherSession(_ code: String) async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.answer(TCPProxy.endOfSession(code)))
            let failures = try await store.provider.process(
                ProcessingCall(
                    action: .take, items: [.init(operatorCode: "ACME", number: "absent", revision: 1)],
                    deadline: .now + .patience))
            #expect(proxy.isDone)
            #expect(failures.map { $0?.code } == [.chargeNotFound])
        }
    }

    @Test("Decisions are published on another session than one that has ended", .database, arguments: codes)
    func decisionsArePublishedOnAnotherSession(_ code: String) async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1")]))
            proxy.breakNext(.answer(TCPProxy.endOfSession(code)))
            #expect(await store.publisher.publish(deadline: .now + .patience) == 1)
            #expect(proxy.isDone)
        }
    }

    /// The server has committed, its answer is lost, and the pooler's words come in its place.
    @Test("A pooler's message in the place of an answer does not count as a rollback", .database)
    func aPoolersMessageIsNoRollback() async throws {
        try await withProxy { (proxy: TCPProxy, store: Store) async throws in
            proxy.breakNext(.replaceAnswer(TCPProxy.endOfSession("57P01", file: nil)))
            let outcomes = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
            #expect(proxy.isDone)
            #expect(outcomes.map(\.text) == ["OK", "OK"])
            #expect(try await historyCount() == 2)
        }
    }

    @Test("A full disk makes each of many calls fail as unavailable, and applies nothing", .database)
    func aFullDiskIsUnavailable() async throws {
        try await database.addCharges(60, prefix: "N")
        try await database.session.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON countersign.charge_history EXECUTE FUNCTION refuse();
            """)
        try await database.withStore { (store: Store) async throws in
            let decisions = store.decisions
            let failures = await withTaskGroup(of: RequestFailure?.self) { group in
                for number in 1...60 {
                    group.addTask {
                        do throws(RequestFailure) {
                            _ = try await decisions.decide(.accepting([.charge("N\(number)")]))
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await group.reduce(into: [RequestFailure?]()) { $0.append($1) }
            }
            let counts = failures.reduce(into: [String: Int]()) {
                $0[$1?.code.rawValue ?? "OK", default: 0] += 1
            }
            #expect(counts == ["SERVICE_UNAVAILABLE": 60])
            #expect(failures.allSatisfy { $0?.retryAfterSeconds != nil })
            #expect(try await historyCount() == 0)
        }
    }
}
