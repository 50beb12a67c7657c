import LibPQ
import TestSupport
import Testing

/// Tests of COPY … FROM STDIN: all of its rows are copied, or none.
@Suite(.ownThread) struct CopyTests {
    private struct Refusal: Error, Equatable {}

    private let connection: Connection

    init() throws {
        connection = try Connection.make()
        try connection.execute("CREATE TABLE note (id int PRIMARY KEY, body text)")
    }

    private func copy(_ sql: String = "COPY note FROM STDIN", _ body: (borrowing CopyWriter) throws -> Void)
        throws -> Int
    {
        try connection.copyIn(sql, deadline: .inGoodTime, body)
    }

    /// Checks that the connection can be used again, and that the table has the given number of rows.
    private func expectRows(_ count: Int64, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(connection.isUsable, sourceLocation: sourceLocation)
        #expect(
            try connection.values("SELECT count(*) FROM note") == [count], sourceLocation: sourceLocation)
    }

    @Test("COPY stores its rows, whatever the chunks", .database)
    func rowsComeIn() throws {
        let count = try copy { writer in
            try writer.write(Array("1\tone\n2\tzw".utf8))
            try writer.write([])
            try writer.write(Array("ölf\n3\t\\N\n".utf8))
        }
        #expect(count == 3)
        #expect(try connection.texts("SELECT body FROM note ORDER BY id") == ["one", "zwölf", nil])
        #expect(connection.isUsable)
    }

    @Test("COPY without rows stores nothing", .database)
    func noRowsAreNoRows() throws {
        #expect(try copy { _ in } == 0)
        try expectRows(0)
    }

    @Test("COPY stores more than any buffer holds", .database)
    func moreComesInThanAnyBufferHolds() throws {
        let body = String(repeating: "x", count: 1000)
        let count = try copy { writer in
            for id in 0..<20_000 { try writer.write(Array("\(id)\t\(body)\n".utf8)) }
        }
        #expect(count == 20_000)
        try expectRows(20_000)
    }

    @Test("A row that the server refuses undoes the whole COPY", .database)
    func aRowThatTheServerRefusesStopsAll() throws {
        let error = #expect(throws: PostgresError.self) {
            try copy { writer in try writer.write(Array("1\tone\nnonsense\ttwo\n3\tthree\n".utf8)) }
        }
        guard case .server(let message, statement: nil) = error else { throw error! }
        #expect(message.sqlState == SQLState("22P02"))
        #expect(message.context == "COPY note, line 2, column id: \"nonsense\"")
        try expectRows(0)
    }

    /// The server has refused the first row, and the rest is still being sent.
    @Test("A refusal in the middle of a large COPY is reported", .database)
    func aRefusalInTheMiddleOfMuchIsReported() throws {
        let body = String(repeating: "x", count: 1000)
        let error = #expect(throws: PostgresError.self) {
            try copy { writer in
                for _ in 0..<20_000 { try writer.write(Array("1\t\(body)\n".utf8)) }
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        try expectRows(0)
    }

    @Test("A COPY whose body throws stores nothing", .database)
    func aBodyThatThrowsLetsNothingIn() throws {
        #expect(throws: Refusal()) {
            try copy { writer in
                try writer.write(Array("1\tone\n".utf8))
                throw Refusal()
            }
        }
        try expectRows(0)
    }

    @Test("A PostgresError that the body throws is passed on as it is", .database)
    func anErrorOfAnotherConnectionIsTheBodysOwn() throws {
        let own = PostgresError.connectionFailed("of another connection")
        #expect(throws: own) { try copy { _ in throw own } }
        try expectRows(0)
    }

    @Test("A COPY statement that the server refuses is its error", .database)
    func aStatementThatTheServerRefusesIsItsError() throws {
        let error = #expect(throws: PostgresError.self) {
            try copy("COPY absent FROM STDIN") { _ in Issue.record("the body runs") }
        }
        #expect(error?.sqlState == SQLState("42P01"))
        #expect(error?.effect == .notApplied)
        try expectRows(0)
    }

    /// The statement has run by the time that is known, so it must not be reported as unsent.
    @Test("copyIn of a statement other than COPY has an unknown effect", .database)
    func aStatementThatIsNoCopyIsNotTakenForUnsent() throws {
        let error = #expect(throws: PostgresError.self) {
            try copy("INSERT INTO note VALUES (1, 'one')") { _ in Issue.record("the body runs") }
        }
        #expect(error == .decoding("the statement is no COPY FROM STDIN"))
        #expect(error?.effect == .unknown)
        try expectRows(1)
    }

    @Test("A COPY within a transaction is rolled back with it", .database)
    func aCopyInATransactionIsUndoneWithIt() throws {
        try connection.execute("BEGIN")
        #expect(try copy { writer in try writer.write(Array("1\tone\n".utf8)) } == 1)
        try connection.execute("ROLLBACK")
        try expectRows(0)
    }

    @Test("A COPY past its deadline before the first row stores nothing", .database)
    func aDeadlineThatPassesBeforeTheFirstRowLetsNothingIn() async throws {
        try await TestDatabase.current.session.execute("BEGIN; LOCK TABLE note")
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.copyIn("COPY note FROM STDIN", deadline: .soon) { _ in }
        }
        #expect(!connection.isUsable)
    }

    /// The server waits for a lock and reads no more, so the rows fill the buffers.
    @Test("A COPY past its deadline in the middle closes the connection", .database)
    func aDeadlineThatPassesInTheMiddleEndsTheConnection() async throws {
        try connection.execute(
            """
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
            CREATE TRIGGER hold BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION hold();
            """)
        try await TestDatabase.current.session.execute("SELECT pg_advisory_lock(1)")
        let row = Array("1\t\(String(repeating: "x", count: 1_000_000))\n".utf8)
        var laterWrites: [PostgresError] = []
        #expect(throws: PostgresError.deadlineExceeded(mayHaveCommitted: false)) {
            try connection.copyIn("COPY note FROM STDIN", deadline: .soon) { writer in
                do {
                    while true { try writer.write(row) }
                } catch let error as PostgresError {
                    // A body that continues nevertheless writes nowhere.
                    do throws(PostgresError) { try writer.write(row) } catch { laterWrites.append(error) }
                    throw error
                }
            }
        }
        #expect(laterWrites == [.connectionFailed("the connection is closed")])
        #expect(!connection.isUsable)
    }

    @Test("execute refuses COPY", .database)
    func copyIsForItsOwnCallOnly() throws {
        #expect(throws: PostgresError.self) { try connection.execute("COPY note FROM STDIN") }
        #expect(connection.isUsable)
        let error = #expect(throws: PostgresError.self) { try connection.execute("COPY note TO STDOUT") }
        #expect(error == .connectionLost("COPY out is not for this call", mayHaveCommitted: true))
        #expect(!connection.isUsable)
    }

    /// The pipeline would wait for rows that are never sent.
    @Test("COPY in a pipeline costs the connection", .database)
    func copyIsNotForAPipeline() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.run(Statement("", "COPY note FROM STDIN"), (), deadline: .inGoodTime)
        }
        guard case .connectionLost(let reason, mayHaveCommitted: true) = error else { throw error! }
        #expect(reason == "COPY is not for a pipeline")
        #expect(!connection.isUsable)
    }

    @Test("copyIn of COPY TO STDOUT costs the connection", .database)
    func copyOutIsNoCopyIn() throws {
        #expect(throws: PostgresError.self) {
            try copy("COPY note TO STDOUT") { _ in Issue.record("the body runs") }
        }
        #expect(!connection.isUsable)
    }
}
