import Authentication
import ChargeStore
import Charges
import LibPQ
import Synchronization
package import Testing

extension TestDatabase {
    /// Makes a fresh database from the template, which the first call makes.
    static func make() async throws -> TestDatabase {
        let administrator = try await Template.shared.prepared()
        let name = "test_\(UInt64.random(in: 0 ... .max))"
        try await administrator.execute("CREATE DATABASE \(name) TEMPLATE \(Template.name)")
        return TestDatabase(
            name: name, session: TestSession(TestServer.shared.connectionParameters(database: name)))
    }

    func drop() async throws {
        await session.close()
        try await Template.shared.prepared().execute("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Stops autovacuum here: it vacuums and analyses no table of the service, and summarizes no BRIN index. What the
    /// planner knows then stays as it is, and no scan but the test's own is counted.
    package func stopAutovacuum() async throws {
        try await session.execute(
            """
            DO $$
            DECLARE command text;
            BEGIN
                FOR command IN
                    SELECT format('ALTER TABLE %s SET (autovacuum_enabled = off)', oid::regclass)
                    FROM pg_class WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'r'
                    UNION ALL
                    SELECT format('ALTER INDEX %s SET (autosummarize = off)', pg_class.oid::regclass)
                    FROM pg_class JOIN pg_am ON pg_am.oid = relam
                    WHERE relnamespace = 'countersign'::regnamespace AND relkind = 'i' AND amname = 'brin'
                LOOP
                    EXECUTE command;
                END LOOP;
            END
            $$
            """)
    }

    static func connectionString(_ parameters: ConnectionParameters) -> String { parameters.connectionString }
}

/// The migrated database from which each test's own is copied.
private actor Template {
    static let shared = Template()
    static let name = "template_countersign"
    private var administrator: Task<TestSession, any Error>?

    /// A session with the server's own database, once the template is there.
    func prepared() async throws -> TestSession {
        if let administrator { return try await administrator.value }
        let task = Task { try await Self.make() }
        administrator = task
        return try await task.value
    }

    private static func make() async throws -> TestSession {
        let session = TestSession(TestServer.shared.connectionParameters(database: "postgres"))
        try await session.execute("CREATE DATABASE \(name)")
        let administration = try AdministrationSession(
            database: TestServer.shared.connectionParameters(database: name).connectionString)
        _ = try administration.migrate()
        try administration.addOperator(
            code: TestDatabase.acme.code, currency: "EUR", undecidedPolicy: .hold,
            undecidedWindowSeconds: 3600)
        try administration.addOperator(
            code: TestDatabase.globex.code, currency: "CHF", undecidedPolicy: .hold,
            undecidedWindowSeconds: 3600)
        administration.close()
        // No day ends during a test, even if it runs at midnight.
        let template = TestSession(TestServer.shared.connectionParameters(database: name))
        try await template.execute(
            "UPDATE countersign.statement_schedule SET next_end_on = next_end_on + interval '1 day'")
        await template.close()
        try await session.execute(
            """
            CREATE ROLE \(TestDatabase.applicationUser) LOGIN IN ROLE countersign_application;
            CREATE ROLE \(TestDatabase.administrationUser) LOGIN IN ROLE countersign_administration;
            CREATE ROLE \(TestDatabase.reportingUser) LOGIN IN ROLE countersign_reporting
            """)
        return session
    }
}

/// A trait that gives a test a database of its own, in `TestDatabase.current`.
package struct DatabaseTrait: TestTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Self.gate.enter()
        do {
            try await perform(function)
            await Self.gate.leave()
        } catch {
            await Self.gate.leave()
            throw error
        }
    }

    /// Hundreds of tests at once would only wait for each other, and some would exceed their time limits.
    private static let gate = Gate(width: 6)

    private func perform(_ function: @Sendable () async throws -> Void) async throws {
        let database = try await TestDatabase.make()
        do {
            try await TestDatabase.$current.withValue(database, operation: function)
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }
}

extension Trait where Self == DatabaseTrait {
    /// The test has a database of its own, in `TestDatabase.current`.
    package static var database: DatabaseTrait { DatabaseTrait() }
}
