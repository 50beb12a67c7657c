import LibPQ
import TestSupport
import Testing

/// Tests of prepared statements: one with a name is prepared once on a connection, and again when the server no longer
/// knows it.
@Suite(.ownThread) struct PreparedStatementTests {
    private static let bodies = Statement<Void, String>("bodies", "SELECT * FROM note")
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
        try connection.execute("CREATE TABLE note (body text); INSERT INTO note VALUES ('a')")
    }

    private func run() throws(PostgresError) -> [String] {
        try connection.run(Self.bodies, (), deadline: .inGoodTime)
    }

    /// The number of times that the server has run each prepared statement.
    private func uses() throws(PostgresError) -> [String?] {
        try connection.texts(
            "SELECT name || ' ' || generic_plans + custom_plans FROM pg_prepared_statements ORDER BY name")
    }

    @Test("A named statement is prepared once on a connection", .database)
    func itIsPreparedOnce() throws {
        for _ in 0..<3 { #expect(try run() == ["a"]) }
        #expect(try uses() == ["bodies 3"])
    }

    @Test("A statement used twice in a pipeline is prepared once", .database)
    func itIsPreparedOnceInAPipelineThatUsesItTwice() throws {
        var pipeline = Pipeline()
        let first = try pipeline.add(Self.bodies, ())
        let second = try pipeline.add(Self.bodies, ())
        let results = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(try results.rows(first) == ["a"])
        #expect(try results.rows(second) == ["a"])
        #expect(try uses() == ["bodies 2"])
    }

    @Test("A statement without a name is not kept", .database)
    func withoutANameItIsNotKept() throws {
        _ = try connection.texts("SELECT body FROM note")
        #expect(try uses() == [])
    }

    @Test("A deallocated statement is prepared again", .database)
    func itIsPreparedAnewAfterTheServerForgotIt() throws {
        for forgetting in ["DEALLOCATE ALL", "DISCARD ALL", "DEALLOCATE bodies"] {
            #expect(try run() == ["a"])
            try connection.execute(forgetting)
            #expect(try run() == ["a"])
            #expect(try uses() == ["bodies 1"])
        }
    }

    @Test("A transaction runs again if one of its statements was deallocated", .database)
    func aWholeTransactionIsRunAnewAfterTheServerForgotAPart() throws {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(.insertNote, "b")
        let bodies = try pipeline.add(Self.bodies, ())
        pipeline.addCommit()
        _ = try run()
        try connection.execute("DEALLOCATE bodies")
        #expect(try connection.run(pipeline, deadline: .inGoodTime).rows(bodies) == ["a", "b"])
        #expect(try run() == ["a", "b"])
    }

    /// The types of its columns differ from those at its preparation.
    @Test("A statement is prepared again after a change of the schema", .database)
    func itIsPreparedAnewAfterAChangeOfTheSchema() throws {
        #expect(try run() == ["a"])
        try connection.execute(
            "ALTER TABLE note ADD COLUMN more int; ALTER TABLE note ALTER body TYPE varchar")
        #expect(try run() == ["a"])
        #expect(try uses() == ["bodies 1"])
    }

    /// The library cannot repeat what a transaction has done so far.
    @Test("A deallocated statement within an open transaction fails", .database)
    func inAnOpenTransactionItFails() throws {
        _ = try run()
        try connection.execute("DEALLOCATE ALL; BEGIN")
        let error = #expect(throws: PostgresError.self) { try run() }
        #expect(error?.sqlState == .invalidSQLStatementName)
        try connection.execute("ROLLBACK")
        #expect(try run() == ["a"])
    }

    @Test("A statement that the server refused to prepare is prepared at the next try", .database)
    func whatTheServerRefusesToPrepareIsTriedAgainNextTime() throws {
        let later = Statement<Void, Int64>("later", "SELECT count(*) FROM later")
        let error = #expect(throws: PostgresError.self) {
            try connection.run(later, (), deadline: .inGoodTime)
        }
        #expect(error?.sqlState == SQLState("42P01"))
        try connection.execute("CREATE TABLE later ()")
        #expect(try connection.run(later, (), deadline: .inGoodTime) == [0])
    }

    @Test("A statement skipped after a failure is prepared at the next run", .database)
    func whatWasSkippedAfterAFailureIsPreparedNextTime() throws {
        var pipeline = Pipeline()
        try pipeline.add(Statement<Void, Int32>("failing", "SELECT 1 / 0"), ())
        try pipeline.add(Self.bodies, ())
        #expect(throws: PostgresError.self) { _ = try connection.run(pipeline, deadline: .inGoodTime) }
        #expect(try run() == ["a"])
    }

    @Test("An unsupported statement fails without endless retries", .database)
    func whatIsUnsupportedIsNotRetriedEndlessly() throws {
        _ = try run()
        let error = #expect(throws: PostgresError.self) {
            let sql = "DO $$ BEGIN RAISE SQLSTATE '0A000'; END $$"
            return try connection.run(Statement("unsupported", "\(raw: sql)"), (), deadline: .inGoodTime)
        }
        #expect(error?.sqlState == .featureNotSupported)
        #expect(connection.isUsable)
    }
}
