import ChargeStore
import Foundation
import TestSupport
import Testing

/// Tests of the limits of logins that report.
@Suite struct ReportLoginTests {
    private let database = TestDatabase.current!

    /// Makes a login in the role of reports, by a statement or by the program, and runs a body with a session of it.
    private func withLogin(
        _ make: (String) async throws -> Void, _ body: (TestSession) async throws -> Void
    ) async throws {
        let login = "reporter_\(database.name)"
        try await make(login)
        let session = TestSession(
            TestServer.shared.connectionParameters(database: database.name, user: login))
        let result: Result<Void, any Error>
        do { result = .success(try await body(session)) } catch { result = .failure(error) }
        await session.close()
        try await database.session.execute("DROP ROLE \(login)")
        try result.get()
    }

    private static let limits = """
        SELECT concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'),
            current_setting('idle_in_transaction_session_timeout'),
            current_setting('default_transaction_read_only'), current_setting('TimeZone'))
        """

    @Test("A personal login without the limits reads no view, and is told how to get them", .database)
    func aLoginWithoutLimitsIsRefused() async throws {
        let create = { (login: String) async throws in
            try await database.session.execute("CREATE ROLE \(login) LOGIN IN ROLE countersign_reporting")
        }
        try await withLogin(create) { (session: TestSession) async throws in
            for view in [
                "operator", "operator_user", "charge", "decision", "reference", "failed_items", "statement",
                "statement_total", "reconciliation", "reconciliation_difference",
            ] {
                let error = await #expect(throws: (any Error).self, "\(view)") {
                    try await session.execute("SELECT count(*) FROM reporting.\(view)")
                }
                #expect("\(error!)".contains("run SELECT reporting.limit_login("), "\(view): \(error!)")
            }
            // Every login may alter itself.
            try await session.execute("SELECT reporting.limit_login(current_user)")
        }
    }

    @Test("A transaction that sets limits itself reads the views, whatever its login", .database)
    func aLimitedTransactionReads() async throws {
        let create = { (login: String) async throws in
            try await database.session.execute(
                "CREATE ROLE \(login) LOGIN IN ROLE countersign_administration, countersign_reporting")
        }
        let count = "SELECT count(*)::text FROM reporting.operator"
        try await withLogin(create) { (session: TestSession) async throws in
            await #expect(throws: (any Error).self) { try await session.execute(count) }
            try await session.execute(
                """
                BEGIN READ ONLY;
                SET LOCAL statement_timeout = '1min'; SET LOCAL lock_timeout = '1s';
                SET LOCAL idle_in_transaction_session_timeout = '1min'
                """)
            #expect(try await session.texts(count) == ["2"])
            try await session.execute("COMMIT")
        }
    }

    @Test("A login that got the limits has them in each session, and reports", .database)
    func aLimitedLoginReports() async throws {
        let limited = { (login: String) async throws in
            try await database.session.execute(
                """
                CREATE ROLE \(login) LOGIN IN ROLE countersign_reporting;
                SELECT reporting.limit_login('\(login)')
                """)
        }
        try await withLogin(limited) { (session: TestSession) async throws in
            #expect(try await session.texts(Self.limits) == ["5min 1s 1min on UTC"])
            #expect(try await session.texts("SELECT count(*)::text FROM reporting.operator") == ["2"])
        }
    }

    @Test("The login that the program makes has the limits", .database)
    func theProgramsLoginHasTheLimits() async throws {
        let owner = database.ownerConnectionString
        let made = { (login: String) async throws in
            try await onThread {
                let session = try AdministrationSession(database: owner)
                defer { session.close() }
                try session.addReportingLogin(login)
            }
        }
        try await withLogin(made) { (session: TestSession) async throws in
            #expect(try await session.texts(Self.limits) == ["5min 1s 1min on UTC"])
        }
    }

    @Test("compose's login has the limits of the role", .database)
    func composesLoginHasTheLimits() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../deploy/postgres/make-secrets").standardizedFileURL
        let statements = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(" ROLE countersign_report ") }.joined(separator: "\n")
        let create = { (login: String) async throws in
            try await database.session.execute(statements.replacing("countersign_report ", with: login + " "))
        }
        try await withLogin(create) { (session: TestSession) async throws in
            #expect(try await session.texts(Self.limits) == ["5min 1s 1min on UTC"])
            #expect(try await session.texts("SELECT count(*)::text FROM reporting.operator") == ["2"])
        }
    }

    @Test("The report command limits the session of any login", .database)
    func theCommandLimitsEveryLogin() async throws {
        let owner = database.ownerConnectionString
        // The statement timeout of a session is as long as the report may take; here a lock ends the wait for it.
        try await database.session.execute("BEGIN; LOCK TABLE countersign.operator")
        let report = try #require(Report.named("money"))
        let failure = try await onThread {
            let session = try AdministrationSession(database: owner)
            defer { session.close() }
            return #expect(throws: AdministrationFailure.self) { try session.report(report) }
        }
        #expect(failure?.description.contains("lock timeout") == true, "\(failure?.description ?? "")")
        try await database.session.execute("ROLLBACK")
    }
}
