import LibPQ
import TestSupport
import Testing

/// Tests of statements that are sent in one round trip.
@Suite(.ownThread) struct PipelineTests {
    private static let insert = Statement<String, Void>.insertNote
    private static let count = Statement<Void, Int64>("count_notes", "SELECT count(*) FROM note")
    private static let failing = Statement<Void, Int32>("failing", "SELECT 1 / 0")
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
        try connection.execute("CREATE TABLE note (body text PRIMARY KEY)")
    }

    @Test("Each statement of a pipeline has its own rows and row count", .database)
    func eachStatementHasItsOwnRows() throws {
        let numbers = Statement<Int32, Int32>(
            "numbers", "SELECT generate_series(1, \(\.self))")
        var pipeline = Pipeline()
        pipeline.addBegin()
        let three = try pipeline.add(numbers, 3)
        let note = try pipeline.add(Self.insert, "body")
        let none = try pipeline.add(numbers, 0)
        let count = try pipeline.add(Self.count, ())
        pipeline.addCommit()
        let results = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(try results.rows(three) == [1, 2, 3])
        #expect(try results.rows(none) == [])
        #expect(try results.rows(count) == [1])
        #expect(try results.rows(note).isEmpty)
        #expect(connection.isUsable)
    }

    /// The session's default isolation level does not matter.
    @Test("A pipeline's transaction is READ COMMITTED", .database)
    func aTransactionIsReadCommitted() throws {
        try connection.execute(
            "SET default_transaction_isolation = 'serializable'")
        var pipeline = Pipeline()
        pipeline.addBegin()
        let isolation = try pipeline.add(
            Statement<Void, String>("", "SELECT current_setting('transaction_isolation')"), ())
        try pipeline.add(Self.insert, "body")
        pipeline.addCommit()
        let results = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(try results.rows(isolation) == ["read committed"])
    }

    @Test("An empty pipeline succeeds", .database)
    func anEmptyPipelineGivesNothing() throws {
        _ = try connection.run(Pipeline(), deadline: .inGoodTime)
        #expect(connection.isUsable)
    }

    @Test("A failure skips the rest of the pipeline and rolls it back", .database)
    func aFailureStopsThePipelineAndUndoesIt() throws {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(Self.insert, "before")
        try pipeline.add(Self.failing, ())
        // This error would come if the statement ran: no relation has that name.
        try pipeline.add(Statement("", "SELECT FROM absent"), ())
        try pipeline.add(Self.insert, "after")
        pipeline.addCommit()
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(pipeline, deadline: .inGoodTime)
        }
        guard case .server(let message, statement: 2) = error else { throw error! }
        #expect(message.sqlState == SQLState("22012"))
        #expect(error?.effect == .notApplied)
        #expect(connection.isUsable)
        #expect(try connection.run(Self.count, (), deadline: .inGoodTime) == [0])
    }

    @Test("A pipeline without BEGIN is one transaction", .database)
    func aPipelineWithoutBeginIsOneTransaction() throws {
        var pipeline = Pipeline()
        try pipeline.add(Self.insert, "before")
        try pipeline.add(Self.failing, ())
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(pipeline, deadline: .inGoodTime)
        }
        guard case .server(_, statement: 1) = error else { throw error! }
        #expect(connection.isUsable)
        #expect(try connection.run(Self.count, (), deadline: .inGoodTime) == [0])
    }

    @Test("A pipeline may leave its transaction open for the next one", .database)
    func aPipelineCanLeaveItsTransactionOpenForTheNext() throws {
        var first = Pipeline()
        first.addBegin()
        try first.add(Self.insert, "first")
        _ = try connection.run(first, deadline: .inGoodTime)
        #expect(!connection.isUsable)
        var second = Pipeline()
        try second.add(Self.insert, "second")
        second.addCommit()
        _ = try connection.run(second, deadline: .inGoodTime)
        #expect(connection.isUsable)
        #expect(try connection.run(Self.count, (), deadline: .inGoodTime) == [2])
    }

    /// The caller that began a transaction ends it.
    @Test("A failure within an earlier transaction leaves it open and failed", .database)
    func aFailureInATransactionOfBeforeLeavesItFailed() throws {
        try connection.execute("BEGIN; INSERT INTO note VALUES ('before')")
        #expect(throws: PostgresError.self) {
            try connection.run(Self.failing, (), deadline: .inGoodTime)
        }
        #expect(!connection.isUsable)
        let error = #expect(throws: PostgresError.self) {
            try connection.run(Self.count, (), deadline: .inGoodTime)
        }
        #expect(error?.sqlState == SQLState("25P02"))
        try connection.execute("ROLLBACK")
        #expect(try connection.run(Self.count, (), deadline: .inGoodTime) == [0])
    }

    @Test("Rows that cannot be decoded leave the connection usable", .database)
    func rowsThatCannotBeReadLeaveTheConnectionUsable() throws {
        var pipeline = Pipeline()
        let wrong = try pipeline.add(Statement<Void, Int32>("", "SELECT 'text' AS name"), ())
        let right = try pipeline.add(Self.count, ())
        let results = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(throws: PostgresError.decoding("column name (type 25) is not a Int32")) {
            try results.rows(wrong)
        }
        #expect(try results.rows(right) == [0])
        #expect(connection.isUsable)
    }

    /// Both sides fill their buffers long before the other reads: neither may wait for the other.
    @Test("A pipeline may be larger than every buffer", .database)
    func aPipelineMayBeLargerThanEveryBuffer() throws {
        let echo = Statement<String, String>(
            "echo", "SELECT \(\.self) || \(\.self)")
        let text = String(repeating: "0123456789", count: 20_000)
        var pipeline = Pipeline()
        var slots: [PipelineSlot<String>] = []
        for _ in 0..<100 { slots.append(try pipeline.add(echo, text)) }
        let results = try connection.run(pipeline, deadline: .inGoodTime)
        for slot in slots { #expect(try results.rows(slot).map(\.utf8.count) == [2 * text.utf8.count]) }
        #expect(connection.isUsable)
    }

    @Test("A pipeline may have thousands of statements", .database)
    func aPipelineMayHaveManyStatements() throws {
        var pipeline = Pipeline()
        pipeline.addBegin()
        for number in 0..<5000 { try pipeline.add(Self.insert, "\(number)") }
        pipeline.addCommit()
        _ = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(try connection.run(Self.count, (), deadline: .inGoodTime) == [5000])
    }
}
