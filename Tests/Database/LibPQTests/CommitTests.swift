import LibPQ
import TestSupport
import Testing

/// Tests of the answers to a COMMIT, and of what is known without an answer.
@Suite(.ownThread) struct CommitTests {
    private let connection: Connection
    private let session = TestDatabase.current.session

    init() throws {
        connection = try Connection.make()
    }

    /// Makes a table whose trigger runs an action while the transaction commits.
    private func makeNotes(whileCommitting action: String) throws {
        try connection.execute(
            """
            CREATE TABLE note (body text);
            CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(action); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER act AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION act();
            """)
    }

    private func insertion(_ body: String = "body") throws -> Pipeline {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(.insertNote, body)
        pipeline.addCommit()
        return pipeline
    }

    @Test("A commit past its deadline is unknown and not cancelled", .database)
    func aCommitIsNotCancelledAtItsDeadline() async throws {
        try makeNotes(whileCommitting: "PERFORM pg_advisory_xact_lock(1)")
        try await session.execute("SELECT pg_advisory_lock(1)")
        let process = connection.backendProcessIdentifier
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(insertion(), deadline: .soon)
        }
        #expect(connection.abandonedProcessIdentifier == process)
        #expect(error == .deadlineExceeded(mayHaveCommitted: true))
        #expect(error?.effect == .unknown)
        #expect(!connection.isUsable)
        #expect(try await session.count("SELECT count(*) FROM note") == 0)
        try await session.execute("SELECT pg_advisory_unlock(1)")
        // The transaction commits after all, because nothing has cancelled it.
        try await session.wait(until: "EXISTS (SELECT FROM note)")
    }

    @Test("A commit answered in time is applied", .database)
    func aCommitThatIsAnsweredInTimeIsDone() async throws {
        try makeNotes(whileCommitting: "RAISE NOTICE 'committing'")
        _ = try connection.run(insertion(), deadline: .inGoodTime)
        #expect(connection.isUsable)
        #expect(try await session.count("SELECT count(*) FROM note") == 1)
    }

    @Test("A constraint that fails at COMMIT rolls the transaction back", .database)
    func aConstraintThatFailsAtCommitUndoesTheTransaction() async throws {
        try makeNotes(whileCommitting: "RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'")
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(insertion(), deadline: .inGoodTime)
        }
        guard case .server(let message, statement: 2) = error else { throw error! }
        #expect(message.sqlState == .checkViolation)
        #expect(error?.effect == .notApplied)
        #expect(connection.isUsable)
        #expect(try await session.count("SELECT count(*) FROM note") == 0)
    }

    /// A session may be ended at any moment, also between its COMMIT and the pipeline's end, for example by a primary
    /// that shuts down. Work that is reported as not applied is not, and work that succeeded is.
    @Test(
        "A terminated session reports nothing applied that is not, and nothing lost that is applied",
        .database)
    func aSessionThatIsTerminatedSaysNothingFalse() async throws {
        try await session.execute("CREATE TABLE note (body text)")
        for round in 1...200 {
            let victim = try Connection.make()
            let process = victim.backendProcessIdentifier
            let termination = Task { [session] in
                try await session.execute("SELECT pg_terminate_backend(\(process))")
            }
            let pipeline = try insertion("\(round)")
            var succeeded = 0
            var failure: PostgresError?
            while failure == nil {
                do throws(PostgresError) {
                    _ = try victim.run(pipeline, deadline: .inGoodTime)
                    succeeded += 1
                } catch {
                    failure = error
                }
            }
            try await termination.value
            let rows = try await session.count("SELECT count(*) FROM note WHERE body = '\(round)'")
            let possible = failure?.effect == .unknown ? succeeded...succeeded + 1 : succeeded...succeeded
            #expect(possible.contains(rows), "\(succeeded) succeeded, \(rows) rows, then \(failure!)")
            #expect(!victim.isUsable)
        }
    }

    /// FATAL in answer to a COMMIT does not say whether it had taken effect.
    @Test("A session that ends during COMMIT leaves the outcome unknown", .database)
    func aSessionThatEndsWhileCommittingLeavesItOpen() async throws {
        try makeNotes(whileCommitting: "PERFORM pg_terminate_backend(pg_backend_pid())")
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(insertion(), deadline: .inGoodTime)
        }
        #expect(error?.effect == .unknown)
        #expect(!connection.isUsable)
    }

    /// Without BEGIN and COMMIT the transaction commits at the pipeline's end, after its last statement.
    @Test("A constraint that fails at an implicit commit is attributed to no statement", .database)
    func aConstraintThatFailsAtAnImplicitCommitBelongsToNoStatement() async throws {
        try makeNotes(whileCommitting: "RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'")
        let error = #expect(throws: PostgresError.self) {
            try connection.run(
                .insertNote, "body", deadline: .inGoodTime)
        }
        guard case .server(let message, statement: nil) = error else { throw error! }
        #expect(message.sqlState == .checkViolation)
        #expect(connection.isUsable)
        #expect(try await session.count("SELECT count(*) FROM note") == 0)
    }

    @Test("A COMMIT of a failed transaction is a rollback", .database)
    func aCommitOfAFailedTransactionIsARollback() async throws {
        try connection.execute("CREATE TABLE note (); BEGIN; INSERT INTO note DEFAULT VALUES")
        #expect(throws: PostgresError.self) { try connection.execute("SELECT absent") }
        var pipeline = Pipeline()
        pipeline.addCommit()
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(pipeline, deadline: .inGoodTime)
        }
        #expect(error == .rolledBack)
        #expect(error?.effect == .notApplied)
        #expect(connection.isUsable)
    }

    /// The server sends this warning when the wait for a standby was cut short.
    @Test("A warning during COMMIT puts the commit in doubt", .database)
    func aWarningDuringTheCommitPutsItInDoubt() async throws {
        try makeNotes(whileCommitting: "RAISE WARNING 'perhaps not on the standby'")
        let error = #expect(throws: PostgresError.self) {
            _ = try connection.run(insertion(), deadline: .inGoodTime)
        }
        guard case .commitInDoubt(let message) = error else { throw error! }
        #expect(message.message == "perhaps not on the standby")
        #expect(error?.effect == .unknown)
        #expect(connection.isUsable)
        #expect(try await session.count("SELECT count(*) FROM note") == 1)
    }

    /// A commit at the pipeline's end gets its warnings as a statement does: only the server's warning about
    /// replication counts.
    @Test("A warning of a trigger at an implicit commit leaves no doubt", .database)
    func aStatementsOwnWarningPutsNoCommitInDoubt() async throws {
        try makeNotes(whileCommitting: "RAISE WARNING 'of a trigger'")
        try connection.run(
            .insertNote, "body", deadline: .inGoodTime)
        #expect(try await session.count("SELECT count(*) FROM note") == 1)
    }

    @Test("A warning before COMMIT leaves no doubt", .database)
    func aWarningBeforeTheCommitMeansNothing() throws {
        try connection.execute("CREATE TABLE note (body text)")
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(Statement("", "DO $$ BEGIN RAISE WARNING 'of a statement'; END $$"), ())
        pipeline.addCommit()
        _ = try connection.run(pipeline, deadline: .inGoodTime)
        #expect(connection.isUsable)
    }

    @Test("A statement after COMMIT stops the process", .database)
    func nothingCanFollowACommit() async {
        await #expect(processExitsWith: .failure) {
            var pipeline = Pipeline()
            pipeline.addBegin()
            pipeline.addCommit()
            try pipeline.add(Statement("", "SELECT 1"), ())
        }
    }
}
