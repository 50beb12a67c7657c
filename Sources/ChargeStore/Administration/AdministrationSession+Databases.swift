import LibPQ

extension AdministrationSession {
    /// Makes a database of this server with its contents, all of it or none: until it is complete it has another name.
    /// It does nothing if the database exists.
    ///
    /// - Parameter fill: Fills the database of the given name. A call after one that was stopped begins anew; of the
    ///   stopped one only roles are left, since they belong to the whole server.
    package func makeDatabase(_ name: String, _ fill: (String) throws -> Void) throws {
        guard try !run(.databaseNames, (), doing: "looking for databases").contains(name) else { return }
        let purpose = "making the database"
        let unfinished = name + "_unfinished"
        try execute(
            "DROP DATABASE IF EXISTS \(unfinished) WITH (FORCE)", doing: purpose, timeout: .seconds(60))
        try execute("CREATE DATABASE \(unfinished)", doing: purpose, timeout: .seconds(60))
        try fill(unfinished)
        try execute("ALTER DATABASE \(unfinished) RENAME TO \(name)", doing: purpose)
    }
}

extension Statement where Input == Void, Row == String {
    fileprivate static let databaseNames = Statement(
        "database_names", "SELECT datname::text FROM pg_database")
}

extension AdministrationSession {
    /// Makes a login with the rights of a node and no others.
    package func addNodeLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_application")
    }

    /// Makes a login for administrators, who also run reports.
    package func addAdministrationLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_administration, countersign_reporting")
    }

    /// Makes a login with the rights and limits of reports and no others.
    package func addReportingLogin(_ name: String) throws(AdministrationFailure) {
        try addLogin(name, inRole: "countersign_reporting")
        try execute("SELECT reporting.limit_login('\(name)')", doing: "limiting the login \(name)")
    }

    /// Makes the extension pg_stat_statements, and lets a login read everybody's statements. The server must have its
    /// library loaded.
    package func addStatementStatistics(for login: String) throws(AdministrationFailure) {
        try execute(
            "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; GRANT pg_read_all_stats TO \(login)",
            doing: "making the extension pg_stat_statements")
    }

    /// Makes a login without a password, for a server that only its own user can reach. It does nothing if the login
    /// exists.
    private func addLogin(_ name: String, inRole role: String) throws(AdministrationFailure) {
        do throws(AdministrationFailure) {
            try execute("CREATE ROLE \(name) LOGIN IN ROLE \(role)", doing: "making the login \(name)")
        } catch {
            guard error.cause?.sqlState == SQLState("42710") else { throw error }  // duplicate_object
        }
    }
}
