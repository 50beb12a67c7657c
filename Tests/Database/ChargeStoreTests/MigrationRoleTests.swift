import ChargeStore
import EmbeddedPostgres
import LibPQ
import TestSupport
import Testing

/// Tests of the roles that `countersign migrate` makes or finds, on a server of each test's own, since roles belong to
/// the whole server.
@Suite struct MigrationRoleTests {
    private static let limits = [
        "statement_timeout=5min", "lock_timeout=1s", "idle_in_transaction_session_timeout=1min",
        "default_transaction_read_only=on", "TimeZone=UTC",
    ]

    /// Runs a body with a server of its own, which has a database of the login `deployer`. The login may create no
    /// roles.
    private func withServer(_ body: (TestSession, String) async throws -> Void) async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        configuration.settings = ["fsync": "off"]
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let administrator = TestSession(
            ConnectionParameters(server.connectionParameters(database: "postgres")))
        try await administrator.execute("CREATE ROLE deployer LOGIN")
        try await administrator.execute("CREATE DATABASE charges OWNER deployer")
        let deployer = ConnectionParameters(
            server.connectionParameters(database: "charges", user: "deployer"))
        try await body(administrator, deployer.connectionString)
        await administrator.close()
    }

    private static func makeRoles(_ administrator: TestSession) async throws {
        try await administrator.execute(
            """
            CREATE ROLE countersign_owner NOLOGIN;
            CREATE ROLE countersign_application NOLOGIN;
            CREATE ROLE countersign_administration NOLOGIN;
            CREATE ROLE countersign_reporting NOLOGIN;
            CREATE ROLE countersign_reader NOLOGIN;
            GRANT countersign_reader TO countersign_owner, countersign_application, countersign_administration;
            GRANT countersign_owner TO deployer;
            """)
    }

    private static func storedLimits(_ administrator: TestSession) async throws -> [String?] {
        try await administrator.texts(
            "SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = 'countersign_reporting'")
    }

    @Test("A login without CREATEROLE migrates with roles that an administrator has made")
    func rolesMadeBeforehandAreEnough() async throws {
        try await withServer { (administrator: TestSession, database: String) async throws in
            try await Self.makeRoles(administrator)
            #expect(refusalToMigrate(database) == nil)
            #expect(refusalToMigrate(database) == nil)
        }
    }

    @Test("A login without CREATEROLE is told which roles to ask for, and nothing is applied")
    func aMissingRoleIsNamed() async throws {
        try await withServer { (administrator: TestSession, database: String) async throws in
            let refusal = refusalToMigrate(database)
            #expect(
                refusal?.contains("CREATE ROLE countersign_owner NOLOGIN") == true,
                "\(refusal ?? "it was admitted")")
            try await Self.makeRoles(administrator)
            try await administrator.execute("REVOKE countersign_owner FROM deployer")
            let second = refusalToMigrate(database)
            #expect(
                second?.contains("GRANT countersign_owner TO deployer") == true,
                "\(second ?? "it was admitted")")
            try await administrator.execute(
                "GRANT countersign_owner TO deployer; ALTER ROLE deployer NOINHERIT")
            let third = refusalToMigrate(database)
            #expect(third?.contains("ALTER ROLE deployer INHERIT") == true, "\(third ?? "it was admitted")")
            try await administrator.execute(
                "ALTER ROLE deployer INHERIT; REVOKE countersign_reader FROM countersign_application")
            let fourth = refusalToMigrate(database)
            #expect(
                fourth?.contains("GRANT countersign_reader TO countersign_application") == true,
                "\(fourth ?? "it was admitted")")
            try await administrator.execute("GRANT countersign_reader TO countersign_application")
            #expect(refusalToMigrate(database) == nil)
        }
    }

    /// A dump of a database holds neither roles nor their settings.
    @Test("A further run of migrate sets the settings of roles that were lost")
    func lostSettingsOfRolesAreSetAgain() async throws {
        try await withServer { (administrator: TestSession, database: String) async throws in
            try await administrator.execute("ALTER ROLE deployer CREATEROLE")
            try migrate(database)
            #expect(try await Self.storedLimits(administrator) == Self.limits)
            try await administrator.execute(
                """
                ALTER ROLE countersign_reporting RESET ALL;
                ALTER ROLE countersign_reporting SET statement_timeout = 0;
                """)
            try migrate(database)
            #expect(Set(try await Self.storedLimits(administrator)) == Set(Self.limits))
        }
    }
}
