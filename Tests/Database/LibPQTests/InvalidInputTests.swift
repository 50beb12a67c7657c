import LibPQ
import TestSupport
import Testing

/// Tests of input that PostgreSQL cannot store: it is refused before anything is sent.
@Suite(.ownThread) struct InvalidInputTests {
    private let connection: Connection

    init() throws {
        connection = try Connection.make()
    }

    @Test("Text with a NUL is refused before anything is sent", .database)
    func aTextWithANulIsRefusedUnsent() throws {
        let statement = Statement<String, Void>.insertNote
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
        let statement = Statement<[String?], Void>("", "SELECT \(\.self)")
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

    @Test("The refusal of a value names the parameter's number", .database)
    func theRefusalNamesTheParameter() throws {
        struct Note: Sendable {
            let author = "Ann"
            let body = "before\0after"
        }
        let statement = Statement<Note, Void>(
            "", "SELECT \(\.author), \(\.author) || \(\.body), \(\.author)")
        try refuse("parameter 2 holds a NUL character, which PostgreSQL stores in no text") {
            _ = try connection.run(statement, Note(), deadline: .inGoodTime)
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
