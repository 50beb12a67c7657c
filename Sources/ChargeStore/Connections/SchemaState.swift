import LibPQ

/// The state of a database's schema in relation to this build: what `migrate` acts on, and what a node needs to serve.
enum SchemaState: Equatable, Sendable {
    /// The database has no schema of Countersign's: every migration must be applied.
    case empty
    /// The schema is Countersign's, and this many of the build's migrations are not applied yet.
    case ours(missing: Int)
    /// The schema is a later build's, and still admits this one.
    case newer
    /// The schema must not be touched. The reason is one line for a person.
    case refused(String)

    /// - Parameters:
    ///   - applied: The migrations that the database records, in order; `nil` where it has no record of migrations.
    ///   - schemaExists: Whether the database has a schema named `countersign`.
    init(applied: [AppliedMigration]?, schemaExists: Bool, known: [Migration], build: Int) {
        guard let applied else {
            self =
                schemaExists
                ? .refused(
                    "the database has a schema named countersign that is not Countersign's; use another one")
                : .empty
            return
        }
        for (ours, theirs) in zip(known, applied)
        where ours.number != theirs.number || ours.name != theirs.name || ours.checksum != theirs.checksum {
            self = .refused(
                "migration \(theirs.number) (\(theirs.name)) of the database is not this build's; "
                    + "use the build that the database was made with, or a later one")
            return
        }
        let oldestBuild = applied.map(\.oldestBuild).max() ?? 0
        if oldestBuild > build {
            self = .refused(
                "the database's schema admits build \(oldestBuild) and later ones, and this is build \(build); "
                    + "upgrade this node")
        } else if applied.count > known.count {
            self = .newer
        } else {
            self = .ours(missing: known.count - applied.count)
        }
    }
}

extension SchemaState {
    /// Reads the state from a database, in relation to the migrations that this build knows.
    init(
        reading connection: Connection, known: [Migration] = Migration.all, deadline: ContinuousClock.Instant
    ) throws(PostgresError) {
        let exists = try connection.run(.schemaExists, (), deadline: deadline).first ?? false
        var applied: [AppliedMigration]?
        if exists,
            try connection.run(.relationExists, "countersign.migration", deadline: deadline).first == true
        {
            applied = try connection.run(.appliedMigrations, (), deadline: deadline)
        }
        self.init(applied: applied, schemaExists: exists, known: known, build: Build.number)
    }
}

/// The database's answer to a node that asks whether it can serve.
package enum DatabaseReadiness: Sendable {
    case ready
    /// A later release has changed the schema since the node connected, and no longer admits the node's build.
    case beyondThisBuild
    /// The database did not answer in time.
    case silent
}

extension Statement where Input == Void, Row == Int {
    /// The oldest build that the schema admits.
    static let oldestBuild = Statement(
        "oldest_build", "SELECT max(oldest_build) FROM countersign.migration")
}
