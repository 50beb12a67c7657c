import ChargeStore
import Charges
import Dispatch
import EmbeddedPostgres
import LibPQ
import Synchronization
import TestSupport
import Testing

/// The pauses of a migration between its tries, each of which lasts until the test ends it.
private final class ManualPauses: Sendable {
    private let ended = DispatchSemaphore(value: 0)
    private let state = Mutex((begun: 0, blockers: [BlockingSession]()))

    /// How many pauses have begun.
    var begun: Int { state.withLock { $0.begun } }
    /// The sessions that the migration has named so far.
    var blockers: [BlockingSession] { state.withLock { $0.blockers } }

    var lockRetry: LockRetry {
        // The test ends the tries, however long they take on a busy machine.
        LockRetry(
            patience: .seconds(3600),
            pause: {
                self.state.withLock { $0.begun += 1 }
                self.ended.wait()
            })
    }

    func note(_ event: MigrationEvent) {
        if case .waiting(_, let sessions) = event { state.withLock { $0.blockers += sessions } }
    }

    /// Ends one pause, the one under way or the next.
    func end() {
        ended.signal()
    }

    /// Ends all pauses, those to come as well.
    func endAll() {
        for _ in 0..<5000 { end() }
    }
}

/// Tests of migrations on a database in use: how they take their locks.
@Suite struct MigrationLockTests {
    /// A migration that needs the strongest lock of two tables, of which the second is the busiest.
    private static let next = Migration(
        fileName: "9999_next",
        contents: Array(
            """
            -- oldest-build: 1
            ALTER TABLE countersign.operator ADD COLUMN made_up text;
            ALTER TABLE countersign.charge ADD COLUMN made_up text;
            """.utf8))

    /// Migrates a database with one migration more than the build's.
    private static func migrateToNext(
        _ database: String, _ lockRetry: LockRetry, report: (MigrationEvent) -> Void = { _ in }
    ) throws -> [String] {
        let session = try AdministrationSession(database: database)
        defer { session.close() }
        return try session.migrate(Migration.all + [next], lockRetry: lockRetry, report: report).applied
    }

    /// A session that has written a charge and then does nothing.
    private static func idleWriter(on database: TestDatabase) async throws -> (TestSession, Int) {
        let writer = TestSession(database.ownerParameters)
        try await writer.execute(
            "BEGIN; UPDATE countersign.charge SET amount = 1 WHERE number = 'N1'")
        return (writer, try await writer.count("SELECT pg_backend_pid()"))
    }

    @Test("While a migration waits for an idle writer, no call fails, and the writer is named", .database)
    func noCallFailsWhileAMigrationWaits() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(5000, prefix: "N")
        let (writer, process) = try await Self.idleWriter(on: database)
        let connection = database.ownerConnectionString
        let pauses = ManualPauses()
        // More than a node's second, for a machine that is busy, and less than a migration that waits would cost.
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 5000 }) {
            (store: Store) async throws in
            async let applied = onThread {
                try Self.migrateToNext(connection, pauses.lockRetry, report: pauses.note)
            }
            // Ten calls between two tries. The tries themselves fall into the calls.
            var failures: [String] = []
            var number = 1
            while pauses.begun < 5 || pauses.blockers.isEmpty, number < 4990 {
                for _ in 0..<10 {
                    number += 1
                    // The time that a call of the service has.
                    let call = DecisionCall.accepting([.charge("N\(number)")], within: .patience)
                    do {
                        failures += try await store.decisions.decide(call).map(\.text).filter { $0 != "OK" }
                    } catch {
                        failures.append("\(error)")
                    }
                }
                pauses.end()
            }
            #expect(failures == [])
            try await writer.execute("ROLLBACK")
            pauses.endAll()
            #expect(try await applied == ["next"])
        }
        let named = pauses.blockers.first { Int($0.processIdentifier) == process }
        let words = try #require(named?.description)
        #expect(
            words.hasPrefix("session \(process) (") && words.contains("user postgres, idle in transaction, "))
        await writer.close()
    }

    @Test("Between two tries a migration holds no lock", .database)
    func nothingIsHeldBetweenTwoTries() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        let (writer, process) = try await Self.idleWriter(on: database)
        let connection = database.ownerConnectionString
        let pauses = ManualPauses()
        async let applied = onThread { try Self.migrateToNext(connection, pauses.lockRetry) }
        try await wait(until: { pauses.begun > 0 })
        let holders = try await database.session.texts(
            """
            SELECT DISTINCT lock.pid::text
            FROM pg_locks AS lock JOIN pg_class AS relation ON relation.oid = lock.relation
            WHERE lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND relation.relnamespace = 'countersign'::regnamespace
            """)
        #expect(holders == ["\(process)"])
        try await writer.execute("ROLLBACK")
        pauses.endAll()
        #expect(try await applied == ["next"])
        await writer.close()
    }

    @Test(
        "A migration that does not get its lock gives up, names the session, and changes nothing", .database)
    func theSessionInTheWayIsNamed() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        let (writer, process) = try await Self.idleWriter(on: database)
        let connection = database.ownerConnectionString
        let refusal = try await onThread {
            do {
                let lockRetry = LockRetry(lockTimeoutMilliseconds: 2000, patience: .zero)
                return "\(try Self.migrateToNext(connection, lockRetry))"
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal.hasPrefix("migration 9999 (next) was not applied: "), "\(refusal)")
        #expect(refusal.contains("session \(process) ("), "\(refusal)")
        #expect(
            try await database.session.count(
                "SELECT count(*) FROM pg_attribute WHERE attname = 'made_up' AND NOT attisdropped") == 0)
        await writer.close()
    }

    /// PostgreSQL cancels an autovacuum only for a session that waits for longer than a migration does.
    @Test("An autovacuum that takes long gives way to a migration")
    func anAutovacuumGivesWay() async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        configuration.settings = ["fsync": "off", "autovacuum_naptime": "1s"]
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let parameters = ConnectionParameters(server.connectionParameters(database: "postgres"))
        try migrate(parameters.connectionString)
        let session = TestSession(parameters)
        try await session.execute(
            "INSERT INTO countersign.operator (code, currency) VALUES ('ACME', 'EUR')")
        // Set before the charges come in, so that the first autovacuum of the table is a slow one.
        try await session.execute(
            """
            ALTER TABLE countersign.charge SET (
                autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
                autovacuum_vacuum_insert_threshold = 0, autovacuum_vacuum_insert_scale_factor = 0)
            """)
        try await TestDatabase(name: "postgres", session: session).addCharges(20_000, prefix: "N")
        // Autovacuum does not know of the charges before the session reports its counts, at most once a second while it
        // is idle; the wait keeps it busy.
        try await session.execute("SELECT pg_stat_force_next_flush()")
        try await session.wait(
            until: "EXISTS (SELECT FROM pg_stat_progress_vacuum WHERE relid = 'countersign.charge'::regclass)"
        )
        let applied = try await onThread {
            try Self.migrateToNext(
                parameters.connectionString, LockRetry(patience: .seconds(3600), pause: {}))
        }
        #expect(applied == ["next"])
        await session.close()
    }
}
