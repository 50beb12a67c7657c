import LibPQ

/// How a database's schema stands to this build: what `migrate` acts on and what a node serves by.
enum SchemaState: Equatable, Sendable {
    /// No schema of ours: every migration is to be applied.
    case empty
    /// Ours, with this many of this build's migrations still to come.
    case ours(missing: Int)
    /// Ours, from a later build, which still admits this one.
    case newer
    /// Not to be touched: the reason is one line for a person.
    case refused(String)

    /// - Parameters:
    ///   - applied: What the database says, in order; `nil` where it has no record of migrations.
    ///   - schemaExists: Whether there is a schema named `countersign` at all.
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
    /// Asks a database.
    init(reading connection: Connection, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let exists = try connection.run(.schemaExists, (), deadline: deadline).first ?? false
        var applied: [AppliedMigration]?
        if exists, try connection.run(.migrationTableExists, (), deadline: deadline).first == true {
            applied = try connection.run(.appliedMigrations, (), deadline: deadline)
        }
        self.init(applied: applied, schemaExists: exists, known: Migration.all, build: Build.number)
    }
}

/// How the database answers a node that asks whether it can serve.
package enum DatabaseReadiness: Sendable {
    case ready
    /// A later release has changed the schema since the node connected, and does not admit its build any more.
    case beyondThisBuild
    /// There was no answer in time.
    case silent
}

extension Statement where Input == Void, Row == Int {
    /// The oldest build that the schema admits.
    static let oldestBuild = Statement(
        "oldest_build", "SELECT max(oldest_build) FROM countersign.migration",
        decode: { row throws(PostgresError) in Int(try row.next(Int32.self)) })
}
