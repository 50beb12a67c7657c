import LibPQ
import TestSupport
import Testing

/// Tests of a deadline that passes: it ends the statement and keeps the connection, if that is possible in time.
@Suite(.ownThread) struct DeadlineTests {
    private static let endless = "SELECT pg_sleep(3600)::text"
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("A statement past its deadline is cancelled, and the connection stays usable", .database)
    func aStatementIsCancelled() throws {
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.run(
                Statement<Void, String>("endless", "\(raw: Self.endless)"), (), deadline: .soon)
        }
        #expect(connection.isUsable)
        #expect(try connection.texts("SELECT 'after'") == ["after"])
    }

    @Test("A script past its deadline is cancelled, and the connection stays usable", .database)
    func aScriptIsCancelled() throws {
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.execute(Self.endless, deadline: .soon)
        }
        #expect(connection.isUsable)
        #expect(try connection.texts("SELECT 'after'") == ["after"])
    }

    @Test("A cancelled pipeline is rolled back", .database)
    func whatACancelledPipelineDidIsUndone() throws {
        try connection.execute("CREATE TABLE note (body text)")
        var pipeline = Pipeline()
        try pipeline.add(.insertNote, "body")
        try pipeline.add(Statement("", "\(raw: Self.endless)"), ())
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            _ = try connection.run(pipeline, deadline: .soon)
        }
        #expect(try connection.values("SELECT count(*) FROM note") == [Int64(0)])
    }

    @Test("A cancelled pipeline's own transaction is rolled back", .database)
    func aTransactionThatACancelledPipelineBeganIsRolledBack() throws {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(Statement("", "\(raw: Self.endless)"), ())
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            _ = try connection.run(pipeline, deadline: .soon)
        }
        #expect(connection.isUsable)
    }

    @Test("An earlier transaction stays open and failed after a cancel", .database)
    func aTransactionThatWasOpenBeforeStaysOpenAndFailed() throws {
        try connection.execute("BEGIN")
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.execute(Self.endless, deadline: .soon)
        }
        #expect(!connection.isUsable)
        try connection.execute("ROLLBACK")
        #expect(connection.isUsable)
    }

    @Test("A wait for a lock is cancelled at the deadline", .database)
    func aWaitForALockIsCancelled() async throws {
        try connection.execute("CREATE TABLE note ()")
        try await TestDatabase.current.session.execute("BEGIN; LOCK TABLE note")
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.execute("SELECT FROM note", deadline: .soon)
        }
        #expect(connection.isUsable)
    }

    /// The deadlines fall before, at and after the statement's end; every fourth statement has none.
    @Test("A cancel never hits a later statement", .database)
    func aCancelNeverHitsALaterStatement() throws {
        var connection = connection
        let short = Statement<Void, String>("short", "SELECT pg_sleep(0.002)::text")
        let endless = Statement<Void, String>("endless", "SELECT pg_sleep(3600)::text")
        var cancelled = 0
        for microseconds in stride(from: 1000, to: 4000, by: 20) {
            do throws(PostgresError) {
                let statement = microseconds.isMultiple(of: 80) ? endless : short
                _ = try connection.run(statement, (), deadline: .now + .microseconds(microseconds))
            } catch {
                guard case .deadlineExceeded = error else { throw error }
                cancelled += 1
                if !connection.isUsable { connection = try Connection.make() }
            }
            #expect(try connection.texts("SELECT 'not cancelled'") == ["not cancelled"])
        }
        #expect(cancelled >= 37)
    }

    @Test("A cancel by another session is a server error, not a passed deadline", .database)
    func somebodyElsesCancelIsNoDeadline() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.texts("SELECT pg_cancel_backend(pg_backend_pid())::text || pg_sleep(3600)")
        }
        #expect(error?.sqlState == .queryCanceled)
        #expect(error?.effect == .notApplied)
        #expect(connection.isUsable)
    }

    /// The server does what it was asked, and its answer does not arrive.
    @Test("A silent server costs the connection, and the effect is unknown", .database)
    func aSilentServerCostsTheConnection() throws {
        let proxy = TCPProxy(serverPort: TestServer.shared.loopbackPort)
        defer { proxy.close() }
        var parameters = TestDatabase.current.ownerParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(proxy.port)"
        let connection = try Connection(parameters, deadline: .inGoodTime)
        proxy.breakNext(.swallowAnswer)
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: true)) {
            try connection.execute("CREATE TABLE libpq_commit ()", deadline: .soon)
        }
        #expect(proxy.isDone)
        #expect(!connection.isUsable)
        #expect(try self.connection.values("SELECT 'libpq_commit'::regclass IS NOT NULL") == [true])
    }
}
