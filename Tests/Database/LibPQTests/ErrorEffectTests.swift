import LibPQ
import TestSupport
import Testing

/// Tests of the errors: each says what became of the work, and reveals no more of the internals than it may.
@Suite(.ownThread) struct ErrorEffectTests {
    @Test("An error before sending has the effect nothingSent")
    func whatWasNeverSentHadNoEffect() {
        #expect(PostgresError.connectionFailed("refused").effect == .nothingSent)
        #expect(PostgresError.invalidInput("a NUL").effect == .nothingSent)
    }

    @Test("An error after a rollback has the effect notApplied")
    func whatWasRolledBackWasNotApplied() {
        #expect(PostgresError.rolledBack.effect == .notApplied)
        #expect(PostgresError.connectionLost("", mayHaveCommitted: false).effect == .notApplied)
        #expect(PostgresError.deadlineExceeded(mayHaveCommitted: false).effect == .notApplied)
    }

    @Test("An error after a possible commit has the effect unknown")
    func whatMayHaveCommittedIsUnknown() {
        #expect(PostgresError.connectionLost("", mayHaveCommitted: true).effect == .unknown)
        #expect(PostgresError.deadlineExceeded(mayHaveCommitted: true).effect == .unknown)
        #expect(PostgresError.decoding("column a is NULL").effect == .unknown)
    }

    @Test("Only a server's error has an SQLSTATE")
    func onlyTheServersRefusalHasACode() {
        let others: [PostgresError] = [
            .connectionFailed(""), .invalidInput(""), .connectionLost("", mayHaveCommitted: true),
            .deadlineExceeded(mayHaveCommitted: true), .rolledBack, .decoding(""),
        ]
        for error in others { #expect(error.sqlState == nil) }
    }

    @Test("A server's refusal has its SQLSTATE and the effect notApplied", .database)
    func aRefusalByTheServerHasItsCodeAndWasNotApplied() throws {
        let connection = try Connection.make()
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1 / 0") }
        #expect(error?.sqlState == SQLState("22012"))
        #expect(error?.effect == .notApplied)
    }

    @Test("An error's description is one plain line")
    func aDescriptionIsALineForAPerson() {
        #expect(PostgresError.connectionFailed("refused").description == "refused")
        #expect(
            PostgresError.connectionLost("closed", mayHaveCommitted: true).description
                == "the connection to the database was lost: closed")
        #expect(
            PostgresError.deadlineExceeded(mayHaveCommitted: true).description
                == "the database did not answer in time")
        #expect(
            PostgresError.rolledBack.description == "the transaction had failed and was rolled back")
        #expect(
            PostgresError.decoding("column a is NULL").debugDescription
                == "the database gave an unexpected answer: column a is NULL")
    }
}
