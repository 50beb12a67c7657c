import LibPQ
import TestSupport
import Testing

/// Tests of connections that break, with a message of the server or without one.
@Suite(.ownThread) struct LostConnectionTests {
    private let session = TestDatabase.current.session

    /// Runs a body with a connection through a proxy, and a table of notes.
    private func withProxy(_ body: (TCPProxy, Connection) async throws -> Void) async throws {
        try await session.execute("CREATE TABLE note (body text)")
        let proxy = TCPProxy(serverPort: TestServer.shared.loopbackPort)
        defer { proxy.close() }
        var parameters = TestDatabase.current.ownerParameters
        parameters["host"] = "127.0.0.1"
        parameters["port"] = "\(proxy.port)"
        try await body(proxy, Connection(parameters, deadline: .inGoodTime))
    }

    private func insertion() throws -> Pipeline {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(.insertNote, "body")
        pipeline.addCommit()
        return pipeline
    }

    private func expectLost(
        _ connection: Connection, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) throws {
        let error = #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { try body() }
        guard case .connectionLost(let reason, mayHaveCommitted: true) = error else { throw error! }
        #expect(!reason.isEmpty, sourceLocation: sourceLocation)
        #expect(!reason.contains("\n"), sourceLocation: sourceLocation)
        #expect(error?.effect == .unknown, sourceLocation: sourceLocation)
        #expect(!connection.isUsable, sourceLocation: sourceLocation)
    }

    @Test("A commit that never reached the server has an unknown effect", .database)
    func aCommitThatNeverArrivedIsUnknown() async throws {
        try await withProxy { (proxy: TCPProxy, connection: Connection) async throws in
            proxy.breakNext(.cutBeforeArrival)
            try expectLost(connection) { _ = try connection.run(insertion(), deadline: .inGoodTime) }
            #expect(proxy.isDone)
            #expect(try await session.count("SELECT count(*) FROM note") == 0)
        }
    }

    @Test("A commit without an answer has an unknown effect", .database)
    func aCommitWithoutAnswerIsUnknown() async throws {
        try await withProxy { (proxy: TCPProxy, connection: Connection) async throws in
            let process = connection.backendProcessIdentifier
            proxy.breakNext(.cutBeforeAnswer)
            try expectLost(connection) { _ = try connection.run(insertion(), deadline: .inGoodTime) }
            // The server's process may not have noticed.
            #expect(connection.abandonedProcessIdentifier == process)
            try await session.wait(until: "EXISTS (SELECT FROM note)")
        }
    }

    /// A statement without a transaction commits as well.
    @Test("A statement without an answer has an unknown effect", .database)
    func aStatementWithoutAnswerIsUnknown() async throws {
        try await withProxy { (proxy: TCPProxy, connection: Connection) async throws in
            proxy.breakNext(.cutBeforeAnswer)
            try expectLost(connection) {
                let sql = "INSERT INTO note VALUES ('libpq_commit')"
                _ = try connection.run(Statement("", "\(raw: sql)"), (), deadline: .inGoodTime)
            }
        }
    }

    @Test("A script without an answer has an unknown effect", .database)
    func aScriptWithoutAnswerIsUnknown() async throws {
        try await withProxy { (proxy: TCPProxy, connection: Connection) async throws in
            proxy.breakNext(.cutBeforeAnswer)
            try expectLost(connection) { try connection.execute("INSERT INTO note VALUES ('libpq_commit')") }
        }
    }

    @Test("A COPY without an answer is a lost connection that committed nothing", .database)
    func aCopyWithoutAnswerIsLost() async throws {
        try await withProxy { (proxy: TCPProxy, connection: Connection) async throws in
            proxy.breakNext(.cutBeforeAnswer)
            let error = #expect(throws: PostgresError.self) {
                try connection.copyIn("COPY note FROM STDIN /* libpq_commit */", deadline: .inGoodTime) { _ in
                }
            }
            guard case .connectionLost(_, mayHaveCommitted: false) = error else { throw error! }
            #expect(!connection.isUsable)
        }
    }

    /// The server says why it ends the session, and the statement has not been applied.
    @Test("A statement whose session is terminated fails with the server's reason", .database)
    func aSessionThatTheServerEndsHasTheServersReason() throws {
        let connection = try Connection.make()
        let error = #expect(throws: PostgresError.self) {
            try connection.texts("SELECT pg_terminate_backend(pg_backend_pid())::text || pg_sleep(3600)")
        }
        #expect(error?.sqlState == .adminShutdown)
        #expect(error?.effect == .notApplied)
        #expect(!connection.isUsable)
    }

    @Test("A script whose session is terminated fails with the server's reason", .database)
    func aScriptWhoseSessionTheServerEndsHasTheServersReason() throws {
        let connection = try Connection.make()
        let error = #expect(throws: PostgresError.self) {
            try connection.execute("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(3600)")
        }
        #expect(error?.sqlState == .adminShutdown)
        #expect(error?.effect == .notApplied)
        #expect(!connection.isUsable)
    }

    @Test("A pipeline terminated while it waits for a lock fails with the server's reason", .database)
    func aSessionThatIsEndedWhileItWaitsHasTheServersReason() async throws {
        try await session.execute("CREATE TABLE note (body text)")
        try await session.execute("BEGIN; LOCK TABLE note")
        let connection = try Connection.make()
        let administrator = TestSession(TestDatabase.current.ownerParameters)
        let end = Task {
            try await administrator.wait(
                until: """
                    (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock') > 0
                    """)
        }
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(insertion(), deadline: .inGoodTime)
        }
        try await end.value
        guard case .server(let message, statement: 1) = error else { throw error! }
        #expect(message.sqlState == .adminShutdown)
        #expect(message.severity == "FATAL")
        #expect(error?.effect == .notApplied)
        #expect(!connection.isUsable)
        await administrator.close()
    }

    @Test("An idle connection that the server closed is not usable", .database)
    func anIdleConnectionThatTheServerClosedIsNoticed() async throws {
        let connection = try Connection.make()
        let identifier = connection.backendProcessIdentifier
        #expect(connection.isUsable)
        #expect(try await session.count("SELECT count(pg_terminate_backend(\(identifier), 60000))") == 1)
        #expect(!connection.isUsable)
    }

    @Test("A statement on a connection that the server closed fails", .database)
    func aStatementOnAConnectionThatTheServerClosedFails() async throws {
        let connection = try Connection.make()
        let identifier = connection.backendProcessIdentifier
        #expect(try await session.count("SELECT count(pg_terminate_backend(\(identifier), 60000))") == 1)
        #expect(throws: PostgresError.self) { try connection.texts("SELECT 'lost'") }
        #expect(!connection.isUsable)
    }
}
