import ChargeStore
package import LibPQ

/// A database of one test's own: migrated, with two operators, and dropped when the test ends.
package struct TestDatabase: Sendable {
    package let name: String
    /// A session of the server's superuser, for preparing and checking.
    package let session: TestSession

    package init(name: String, session: TestSession) {
        self.name = name
        self.session = session
    }

    /// The database of the running test, which the trait `.database` sets.
    @TaskLocal package static var current: TestDatabase!

    /// The parameters by which the service connects: a login that has the application's rights alone.
    package var applicationParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: Self.applicationUser)
    }

    /// The parameters by which administrators connect: a login that has the administration's rights alone.
    package var administrationParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: Self.administrationUser)
    }

    /// The parameters by which reports connect: a login that has their rights alone.
    package var reportingParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: Self.reportingUser)
    }

    /// The parameters by which the server's superuser connects.
    package var ownerParameters: ConnectionParameters {
        TestServer.shared.connectionParameters(database: name, user: "postgres")
    }

    /// The application's parameters as a connection string.
    package var applicationConnectionString: String { Self.connectionString(applicationParameters) }

    /// The administrators' parameters as a connection string.
    package var administrationConnectionString: String { Self.connectionString(administrationParameters) }

    /// The reports' parameters as a connection string.
    package var reportingConnectionString: String { Self.connectionString(reportingParameters) }

    /// The superuser's connection string.
    package var ownerConnectionString: String {
        Self.connectionString(ownerParameters)
    }

    static let applicationUser = "countersign_node"
    static let administrationUser = "countersign_admin"
    static let reportingUser = "countersign_reports"
}
