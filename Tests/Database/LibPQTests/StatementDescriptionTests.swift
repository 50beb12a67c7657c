import LibPQ
import TestSupport
import Testing

/// Tests of the server's description of a statement, which does not run it.
@Suite(.ownThread) struct StatementDescriptionTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
        try connection.execute("CREATE TABLE note (id int8, body varchar(9), tags text[])")
    }

    private func describe<Input, Row>(_ statement: Statement<Input, Row>) throws(PostgresError)
        -> StatementDescription
    {
        try connection.describe(statement, deadline: .inGoodTime)
    }

    @Test("A description has the types of parameters and columns", .database)
    func parametersAndColumnsAreDescribed() throws {
        struct Key: Sendable {
            let identifier: Int64
            let body: String
        }
        let statement = Statement<Key, Void>(
            "notes",
            "SELECT id, body, tags AS labels FROM note WHERE body = \(\.body) AND id = \(\.identifier)")
        let description = try describe(statement)
        #expect(description.parameterTypeOIDs == [PostgresType.text.oid, PostgresType.int8.oid])
        #expect(description.columns.map(\.name) == ["id", "body", "labels"])
        #expect(
            description.columns.map(\.typeOID) == [PostgresType.int8.oid, 1043, PostgresType.text.array.oid])
        #expect(connection.isUsable)
    }

    @Test("A statement without rows has no columns", .database)
    func whatGivesNoRowsHasNoColumns() throws {
        let description = try describe(Statement<Void, Void>("delete_notes", "DELETE FROM note"))
        #expect(description.parameterTypeOIDs == [])
        #expect(description.columns == [])
    }

    @Test("An undeclared parameter has the type that the server infers", .database)
    func aTypeThatIsNotDeclaredIsTheServersGuess() throws {
        let description = try describe(Statement<Void, Void>("", "SELECT FROM note WHERE id = $1"))
        #expect(description.parameterTypeOIDs == [PostgresType.int8.oid])
    }

    @Test("A described statement is neither run nor kept", .database)
    func itIsNotRunAndNotKept() throws {
        let insert = Statement<Void, Void>("insert_note", "INSERT INTO note VALUES (1)")
        _ = try describe(insert)
        #expect(try connection.values("SELECT count(*) FROM note") == [Int64(0)])
        _ = try connection.run(insert, (), deadline: .inGoodTime)
        _ = try describe(insert)
        #expect(try connection.texts("SELECT name FROM pg_prepared_statements") == ["insert_note"])
        #expect(try connection.values("SELECT count(*) FROM note") == [Int64(1)])
    }

    @Test("A description of an absent table is the server's error", .database)
    func whatIsNotThereIsTheServersError() throws {
        let error = #expect(throws: PostgresError.self) {
            try describe(Statement<Void, Void>("", "SELECT FROM absent"))
        }
        #expect(error?.sqlState == SQLState("42P01"))
        #expect(connection.isUsable)
    }

    @Test("A NUL in a described statement is refused", .database)
    func aNulIsRefused() throws {
        #expect(throws: PostgresError.invalidInput("a statement cannot hold a NUL character")) {
            try describe(Statement<Void, Void>("", "SELECT '\0'"))
        }
        #expect(connection.isUsable)
    }
}
