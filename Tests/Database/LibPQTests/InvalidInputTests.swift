import LibPQ
import TestSupport
import Testing

/// Tests of input that PostgreSQL cannot store, or that a statement did not declare: it is refused before anything is
/// sent.
@Suite(.ownThread) struct InvalidInputTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("Text with a NUL is refused before anything is sent", .database)
    func aTextWithANulIsRefusedUnsent() throws {
        let statement = Statement<String, Void>.text("insert_note", "INSERT INTO note VALUES ($1)")
        try connection.execute("CREATE TABLE note (body text)")
        for text in ["\0", "before\0after", "after\0"] {
            try refuse("parameter 1 holds a NUL character, which PostgreSQL stores in no text") {
                _ = try connection.run(statement, text, deadline: .inGoodTime)
            }
        }
        #expect(try connection.values("SELECT count(*) FROM note") == [Int64(0)])
        // The statement was not even prepared.
        #expect(try connection.values("SELECT count(*) FROM pg_prepared_statements") == [Int64(0)])
        _ = try connection.run(statement, "without", deadline: .inGoodTime)
        #expect(try connection.texts("SELECT body FROM note") == ["without"])
    }

    @Test("An array element with a NUL is refused", .database)
    func anElementWithANulIsRefused() throws {
        let statement = Statement<[String?], Void>(
            "", "SELECT $1", parameters: [.textArray],
            bind: { texts, parameters throws(PostgresError) in try parameters.append(texts) })
        try refuse("parameter 1 holds a NUL character, which PostgreSQL stores in no text") {
            _ = try connection.run(statement, ["a", nil, "b\0"], deadline: .inGoodTime)
        }
    }

    @Test("SQL with a NUL is refused", .database)
    func sqlWithANulIsRefused() throws {
        try refuse("a statement cannot hold a NUL character") { try connection.execute("SELECT 1\0; DROP") }
        try refuse("a statement cannot hold a NUL character") { _ = try connection.texts("SELECT '\0'") }
        try refuse("a statement cannot hold a NUL character") {
            _ = try connection.run(Statement("na\0me", "SELECT 1"), (), deadline: .inGoodTime)
        }
        try refuse("a statement cannot hold a NUL character") {
            _ = try connection.copyIn("COPY note FROM STDIN\0", deadline: .inGoodTime) { _ in }
        }
    }

    @Test("A connection parameter with a NUL is refused", .database)
    func aConnectionParameterWithANulIsRefused() throws {
        var parameters = TestDatabase.current.ownerParameters
        parameters["application_name"] = "before\0after"
        let error = #expect(throws: PostgresError.self) {
            try Connection(parameters, deadline: .inGoodTime)
        }
        #expect(error == .invalidInput("a connection parameter cannot hold a NUL character"))
    }

    @Test("A value of another type than declared is refused", .database)
    func aValueOfAnotherTypeThanDeclaredIsRefused() throws {
        let statement = Statement<Int64, Void>(
            "", "SELECT $1", parameters: [.text],
            bind: { number, parameters throws(PostgresError) in try parameters.append(number) })
        try refuse("parameter 1 is text, and a value of type int8 came") {
            _ = try connection.run(statement, 1, deadline: .inGoodTime)
        }
    }

    @Test("A surplus value is refused", .database)
    func oneValueTooManyIsRefused() throws {
        let statement = Statement<String, Void>(
            "", "SELECT $1", parameters: [.text],
            bind: { text, parameters throws(PostgresError) in
                try parameters.append(text)
                try parameters.append(text)
            })
        try refuse("parameter 2 is not declared, and a value of type text came") {
            _ = try connection.run(statement, "a", deadline: .inGoodTime)
        }
    }

    @Test("A missing value is refused", .database)
    func oneValueTooFewIsRefused() throws {
        let statement = Statement<String, Void>(
            "pair", "SELECT $1, $2", parameters: [.text, .text],
            bind: { text, parameters throws(PostgresError) in try parameters.append(text) })
        try refuse("statement pair has 2 parameters, and 1 came") {
            _ = try connection.run(statement, "a", deadline: .inGoodTime)
        }
    }

    /// Checks that nothing was sent, and that the connection can still be used.
    private func refuse(
        _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) throws {
        let error = #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error == .invalidInput(reason), sourceLocation: sourceLocation)
        #expect(error?.effect == .nothingSent, sourceLocation: sourceLocation)
        #expect(connection.isUsable, sourceLocation: sourceLocation)
        #expect(try connection.texts("SELECT 'usable'") == ["usable"], sourceLocation: sourceLocation)
    }
}
