import LibPQ

extension AdministrationSession {
    /// Makes a database of this server and what is in it, all of it or none: until it is whole it has another name.
    /// Does nothing if it is there.
    ///
    /// - Parameter fill: Puts into the database of the given name what is to be in it. Whoever was stopped in the
    ///   middle of that begins anew; only roles are left, since they belong to the whole server.
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
        "database_names", "SELECT datname::text FROM pg_database",
        decode: { row throws(PostgresError) in try row.next(String.self) })
}
