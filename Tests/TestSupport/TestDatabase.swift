import ChargeStore
package import LibPQ

/// A database of one test's own: migrated, with two operators, dropped when the test ends.
package struct TestDatabase: Sendable {
    package let name: String
    /// As the server's superuser, for preparing and looking.
    package let session: TestSession

    package init(name: String, session: TestSession) {
        self.name = name
        self.session = session
    }

    /// The database of the test that runs, given by the trait `.database`.
    @TaskLocal package static var current: TestDatabase!

    /// How the service connects: a login that has the application's rights alone.
    package var applicationParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: Self.applicationUser)
    }

    /// As the server's superuser.
    package var ownerParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: "postgres")
    }

    /// The application's parameters as a connection string.
    package var applicationConnectionString: String { Self.connectionString(applicationParameters) }

    /// The superuser's connection string.
    package var ownerConnectionString: String {
        Self.connectionString(ownerParameters)
    }

    static let applicationUser = "countersign_node"
}
