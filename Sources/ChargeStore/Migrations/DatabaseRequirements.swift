import LibPQ

/// The facts of a database on which it depends whether Countersign can use it. `migrate` reads them before it changes
/// anything.
struct DatabaseRequirements: Sendable {
    /// The server's version, 150018 for 15.18.
    let serverVersionNumber: Int
    /// The database's encoding, as PostgreSQL names it.
    let encoding: String
    /// The owners of the database's schemas, by schema.
    let schemaOwners: [String: String]

    /// The oldest major version of PostgreSQL with all that the schema and the statements use.
    static let oldestServerVersion = 15

    /// Why the database cannot be migrated, one line for a person; `nil` if it can.
    ///
    /// - Parameter missing: The migrations that the database lacks.
    func refusal(missing: some Collection<Migration>) -> String? {
        guard serverVersionNumber >= Self.oldestServerVersion * 10_000 else {
            return "the server is PostgreSQL \(serverVersion); "
                + "Countersign needs version \(Self.oldestServerVersion) or later"
        }
        guard encoding == "UTF8" else {
            return "the database's encoding is \(encoding), which cannot store every name; "
                + "make another one: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        }
        for schema in missing.flatMap(\.createdSchemas) where schemaOwners[schema] != nil {
            return "the database has a schema named \(schema) that is not Countersign's; use another database"
        }
        if let owner = schemaOwners["countersign"], owner != "countersign_owner" {
            return "the schema countersign belongs to \(owner), not to countersign_owner; "
                + "restore the roles before the database (docs/operations.md, Backup)"
        }
        return nil
    }

    /// The version as people write it: 15.18, and 9.6.24 for the old scheme.
    private var serverVersion: String {
        let major = serverVersionNumber / 10_000
        let rest = serverVersionNumber % 10_000
        return major >= 10 ? "\(major).\(rest)" : "\(major).\(rest / 100).\(rest % 100)"
    }
}

extension DatabaseRequirements {
    /// Reads the facts from a database.
    init(reading connection: Connection, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let owners = try connection.run(.schemaOwners, (), deadline: deadline)
        self.init(
            serverVersionNumber: connection.serverVersionNumber,
            encoding: connection.parameterStatus("server_encoding") ?? "unknown",
            schemaOwners: Dictionary(owners, uniquingKeysWith: { first, _ in first }))
    }
}

extension Statement where Input == Void, Row == (String, String) {
    fileprivate static let schemaOwners = Statement(
        "schema_owners", "SELECT nspname::text, pg_get_userbyid(nspowner)::text FROM pg_namespace",
        row: { (schema: String, owner: String) in (schema, owner) })
}
