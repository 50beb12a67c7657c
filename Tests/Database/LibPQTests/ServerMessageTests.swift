import LibPQ
import TestSupport
import Testing

/// Tests of the server's errors, which have every field that the server sent.
@Suite(.ownThread) struct ServerMessageTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("A unique violation names its constraint and table", .database)
    func aUniqueViolationNamesTheConstraintAndItsTable() throws {
        try connection.execute("CREATE TABLE note (id int CONSTRAINT note_id_key UNIQUE)")
        let message = try refusal("INSERT INTO note VALUES (1), (1)")
        #expect(message.severity == "ERROR")
        #expect(message.sqlState == .uniqueViolation)
        #expect(message.message == "duplicate key value violates unique constraint \"note_id_key\"")
        #expect(message.detail == "Key (id)=(1) already exists.")
        #expect(message.schema == "public")
        #expect(message.table == "note")
        #expect(message.constraint == "note_id_key")
        #expect(message.column == nil)
        #expect(message.hint == nil)
    }

    @Test("A NOT NULL violation names its column", .database)
    func aMissingValueNamesTheColumn() throws {
        try connection.execute("CREATE TABLE note (id int, body text NOT NULL)")
        let message = try refusal("INSERT INTO note (id) VALUES (1)")
        #expect(message.sqlState == SQLState("23502"))
        #expect(message.table == "note")
        #expect(message.column == "body")
        #expect(message.constraint == nil)
    }

    @Test("A domain's violation names its type and constraint", .database)
    func aDomainsViolationNamesTheTypeAndTheConstraint() throws {
        try connection.execute("CREATE DOMAIN positive AS int4 CONSTRAINT positive_check CHECK (VALUE > 0)")
        let message = try refusal("SELECT (-1)::positive")
        #expect(message.sqlState == .checkViolation)
        #expect(message.dataType == "positive")
        #expect(message.constraint == "positive_check")
    }

    /// Positions count characters, not bytes.
    @Test("A syntax error has its position in characters", .database)
    func aSyntaxErrorTellsItsPlace() throws {
        let message = try refusal("SELECT 'ü', 1 FROM FROM")
        #expect(message.sqlState == SQLState("42601"))
        #expect(message.position == 20)
        #expect(message.file == "scan.l")
        #expect(message.function == "scanner_yyerror")
        #expect((message.line ?? 0) > 0)
    }

    @Test("An error in an inner statement has that statement and the position in it", .database)
    func anErrorInAnInnerStatementTellsThatStatementAndThePlaceInIt() throws {
        let message = try refusal("DO $$ BEGIN EXECUTE 'SELECT absent'; END $$")
        #expect(message.sqlState == SQLState("42703"))
        #expect(message.position == nil)
        #expect(message.internalQuery == "SELECT absent")
        #expect(message.internalPosition == 8)
        #expect(message.context?.contains("PL/pgSQL function inline_code_block") == true)
    }

    @Test("A raised error keeps every field", .database)
    func aRaisedErrorKeepsEveryField() throws {
        let message = try refusal(Self.raise("EXCEPTION"))
        #expect(message.severity == "ERROR")
        #expect(message.sqlState == SQLState("ZZ001"))
        #expect(message.sqlState.classCode == "ZZ")
        #expect(message.message == "what")
        #expect(message.detail == "why")
        #expect(message.hint == "how")
        #expect(message.schema == "a schema")
        #expect(message.table == "a table")
        #expect(message.column == "a column")
        #expect(message.dataType == "a type")
        #expect(message.constraint == "a constraint")
        #expect(message.function == "exec_stmt_raise")
    }

    @Test("Only the debug description shows fields that may contain values", .database)
    func onlyTheLogShowsWhatMayBeAValue() throws {
        let message = try refusal(Self.raise("EXCEPTION"))
        #expect(message.description == "what (SQLSTATE ZZ001)")
        let error = PostgresError.server(message, statement: 2)
        #expect(error.description == message.description)
        #expect(error.debugDescription.hasPrefix("statement 2: ERROR: what (SQLSTATE ZZ001); detail: why; "))
        for field in [
            "hint: how", "schema: a schema", "table: a table", "column: a column", "data type: a type",
            "constraint: a constraint", "context: PL/pgSQL", "function: exec_stmt_raise",
        ] {
            #expect(error.debugDescription.contains("; " + field))
        }
    }

    @Test("An error of a script equals that of a prepared statement", .database)
    func theStatementMayBeOfAnyProtocol() throws {
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT absent") }
        guard case .server(let message, let statement) = error else { throw error! }
        #expect(message == (try refusal("SELECT absent")))
        #expect(statement == nil)
    }

    @Test("Notices reach the receiver", .database)
    func noticesReachTheirReceiver() throws {
        let notices = FakeNoticeReceiver()
        let connection = try Connection.make { notices.messages.append($0) }
        try connection.execute(Self.raise("NOTICE"))
        _ = try connection.run(
            Statement("", "DO $$ BEGIN RAISE WARNING 'by pipeline'; END $$"), (), deadline: .inGoodTime)
        try connection.execute("SET client_min_messages = debug1; DO $$ BEGIN RAISE DEBUG 'detail'; END $$")
        #expect(notices.messages.map(\.severity) == ["NOTICE", "WARNING", "DEBUG"])
        #expect(notices.messages.map(\.message) == ["what", "by pipeline", "detail"])
        #expect(notices.messages[0].sqlState == SQLState("ZZ001"))
        #expect(notices.messages[0].hint == "how")
        #expect(notices.messages[0].constraint == "a constraint")
    }

    @Test("Notices without a receiver are ignored", .database)
    func noticesWithoutAReceiverAreNoTrouble() throws {
        try connection.execute(Self.raise("WARNING"))
        #expect(connection.isUsable)
    }

    private static func raise(_ level: String) -> String {
        """
        DO $$ BEGIN
            RAISE \(level) USING ERRCODE = 'ZZ001', MESSAGE = 'what', DETAIL = 'why', HINT = 'how',
                SCHEMA = 'a schema', TABLE = 'a table', COLUMN = 'a column', DATATYPE = 'a type',
                CONSTRAINT = 'a constraint';
        END $$
        """
    }

    /// The server's message for a statement that it refuses.
    private func refusal(_ sql: String) throws -> ServerMessage {
        let error = #expect(throws: PostgresError.self) {
            try connection.run(Statement("", "\(raw: sql)"), (), deadline: .inGoodTime)
        }
        guard case .server(let message, statement: 0) = error else { throw error! }
        #expect(connection.isUsable)
        return message
    }
}

private final class FakeNoticeReceiver {
    var messages: [ServerMessage] = []
}
