import Authentication
import Charges
import ChargeStore
import TestSupport
import Testing

/// Tests of what logins may do with the administrators of the service, and of the sign-ins of these.
@Suite struct AdministratorRightsTests {
    private let database = TestDatabase.current!

    @Test(
        "A node's login reads what a sign-in needs, and changes nothing", .database,
        arguments: [
            "SELECT created_on FROM countersign.administrator",
            "INSERT INTO countersign.administrator (name, password_hash) VALUES ('eve', 'hash')",
            "UPDATE countersign.administrator SET password_hash = 'hash'",
            "UPDATE countersign.administrator SET suspended_on = NULL",
            "UPDATE countersign.administrator SET token_generation = 9",
            "DELETE FROM countersign.administrator",
            "SELECT countersign.act_as_administrator('maria', 1, NULL)",
            "SELECT countersign.count_failed_sign_in(NULL, 'admin', NULL, NULL)",
        ])
    func nodeLogin(_ statement: String) async throws {
        try await database.addAdministrators("maria")
        let session = TestSession(database.applicationParameters)
        try await session.execute(
            "SELECT name, password_hash, token_generation, suspended_on FROM countersign.administrator")
        let error = await #expect(throws: (any Error).self) { try await session.execute(statement) }
        #expect("\(error!)".contains("permission denied"), "\(error!)")
        await session.close()
    }

    @Test(
        "The administration's login can neither decide nor delete an administrator", .database,
        arguments: [
            "UPDATE countersign.charge SET decision = 'ACCEPTED'",
            "SELECT countersign.decide_undecided(1, 100)",
            "DELETE FROM countersign.administrator",
            "UPDATE countersign.administrator SET name = 'eve'",
            "DELETE FROM countersign.activity",
            "SELECT secret FROM countersign.signing_key",
            "DELETE FROM countersign.node_status",
        ])
    func administrationLogin(_ statement: String) async throws {
        let session = TestSession(database.administrationParameters)
        let error = await #expect(throws: (any Error).self) { try await session.execute(statement) }
        let text = "\(error!)"
        #expect(text.contains("permission denied") || text.contains("does not exist"), "\(text)")
        await session.close()
    }

    @Test("The reporting login sees neither administrators nor nodes", .database)
    func reportingLogin() async throws {
        let session = TestSession(database.reportingParameters)
        for table in ["administrator", "node_status"] {
            await #expect(throws: (any Error).self, "\(table)") {
                try await session.execute("SELECT * FROM countersign.\(table)")
            }
        }
        await session.close()
    }

    @Test("The command line suspends the last administrator, which ends its sessions", .database)
    func lastByCommand() async throws {
        try await database.addAdministrators("maria")
        let connectionString = database.administrationConnectionString
        let changes = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return [
                try session.setSuspension(ofAdministrator: "maria", true),
                try session.setSuspension(ofAdministrator: "maria", true),
            ]
        }
        #expect(changes == [true, false])
        try await database.withStore { store in
            let maria = try await store.administrators.administrator(
                named: "maria", deadline: .now + .patience)
            #expect(maria?.isSuspended == true && maria?.tokenGeneration == 2)
            #expect(
                try await store.administrators.administrator(named: "ma\0ria", deadline: .now + .patience)
                    == nil)
        }
    }

    @Test("Sign-ins are recorded; failed ones are counted, with a name only if it is known", .database)
    func signIns() async throws {
        try await database.addAdministrators("maria")
        try await database.withStore { store in
            let rows = try await database.activity {
                for (name, succeeded) in [
                    ("maria", true), ("maria", false), ("maria", false), ("a password", false),
                    ("x\0", false),
                ] {
                    try await store.administrators.recordSignIn(
                        of: name, from: "192.0.2.1", succeeded: succeeded, deadline: .now + .patience)
                }
                // A failed sign-in of nobody to the console is another row.
                try await store.activity.record(
                    SignIn(operatorCode: "NOBODY", username: "x", address: "192.0.2.1", succeeded: false),
                    deadline: .now + .patience)
            }
            #expect(
                rows == [
                    "SIGNED_IN admin maria maria 192.0.2.1 - > -",
                    "SIGN_IN_FAILED admin - maria 192.0.2.1 - > -",
                    "SIGN_IN_FAILED admin - - 192.0.2.1 - > -",
                    "SIGN_IN_FAILED console - - 192.0.2.1 - > -",
                ])
            #expect(
                try await database.session.texts(
                    """
                    SELECT count::text FROM countersign.activity
                    WHERE kind = 'SIGN_IN_FAILED' ORDER BY activity_number
                    """) == ["2", "2", "1"])
        }
    }

    @Test("Signing out ends the sessions of its generation, once", .database)
    func signOut() async throws {
        try await database.addAdministrators("maria")
        try await database.withStore { store in
            for _ in 0..<2 {
                try await store.administrators.revokeTokens(
                    of: "maria", generation: 1, deadline: .now + .patience)
            }
            let maria = try await store.administrators.administrator(
                named: "maria", deadline: .now + .patience)
            #expect(maria?.tokenGeneration == 2)
        }
    }
}
