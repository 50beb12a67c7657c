import Crypto
import LibPQ

extension AdministrationSession {
    /// Brings the schema to this build's version. It may run on many nodes at once: one applies the migrations, and the
    /// others wait for it and find nothing left to do.
    ///
    /// - Parameter report: A callback that takes the name of each migration when it is applied.
    /// - Throws: `AdministrationFailure` if the schema is not Countersign's or is newer than this build allows, if a
    ///   migration fails (none of it is then applied), or if another run holds the lock for ten minutes.
    package func migrate(report: (String) -> Void = { _ in }) throws(AdministrationFailure)
        -> MigrationSummary
    {
        _ = try run(.lockMigrations, (), doing: "waiting for another migration", timeout: .seconds(600))
        defer { _ = try? run(.unlockMigrations, (), doing: "ending the migration") }
        let missing: ArraySlice<Migration>
        var version = Migration.all.last?.number ?? 0
        switch try schemaState() {
        case .refused(let reason): throw AdministrationFailure(reason)
        case .empty: missing = Migration.all[...]
        case .ours(let count): missing = Migration.all.suffix(count)
        case .newer:
            missing = []
            version = try run(.appliedMigrations, (), doing: "reading the migrations").last?.number ?? version
        }
        for migration in missing {
            report("\(migration.number) \(migration.name)")
            try apply(migration)
        }
        try ensureSigningKey()
        return MigrationSummary(applied: missing.map(\.name), version: version)
    }

    /// Reads the state of the schema in relation to this build.
    func schemaState() throws(AdministrationFailure) -> SchemaState {
        do throws(PostgresError) {
            return try SchemaState(reading: connection, deadline: .now + Self.statementTimeout)
        } catch {
            throw AdministrationFailure("reading the schema's state failed: \(error)", cause: error)
        }
    }

    private func apply(_ migration: Migration) throws(AdministrationFailure) {
        let purpose = "migration \(migration.number) (\(migration.name))"
        // The first migration makes the role that the others act as.
        let role = migration.number == 1 ? "" : "SET LOCAL ROLE countersign_owner;"
        do {
            try execute(
                "BEGIN; SET LOCAL lock_timeout = '10s'; \(role)", doing: purpose)
            try execute(migration.sql, doing: purpose, timeout: .seconds(3600))
            _ = try run(.recordMigration, migration, doing: purpose)
            try commit(doing: purpose)
        } catch {
            try? execute("ROLLBACK", doing: purpose)
            throw error
        }
    }

    /// Makes the first signing key, if there is none.
    private func ensureSigningKey() throws(AdministrationFailure) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        _ = try run(.addFirstSigningKey, secret, doing: "making the first signing key")
    }
}

/// An arbitrary number that only Countersign's migrations lock, in each database separately.
private let migrationLock = 4_270_665_316_001

extension Statement where Input == Void, Row == Void {
    fileprivate static let lockMigrations = Statement(
        "lock_migrations", "SELECT FROM pg_advisory_lock(\(migrationLock))")

    fileprivate static let unlockMigrations = Statement(
        "unlock_migrations", "SELECT FROM pg_advisory_unlock(\(migrationLock))")
}

extension Statement where Input == Migration, Row == Void {
    fileprivate static let recordMigration = Statement(
        "record_migration",
        "INSERT INTO countersign.migration (number, name, checksum, oldest_build) VALUES ($1, $2, $3, $4)",
        parameters: [.int4, .text, .bytea, .int4],
        bind: { migration, parameters throws(PostgresError) in
            try parameters.append(Int32(migration.number))
            try parameters.append(migration.name)
            try parameters.append(migration.checksum)
            try parameters.append(Int32(migration.oldestBuild))
        })
}

extension Statement where Input == [UInt8], Row == Void {
    fileprivate static let addFirstSigningKey = Statement(
        "add_first_signing_key",
        """
        INSERT INTO countersign.signing_key (identifier, secret)
        SELECT gen_random_uuid()::text, $1 WHERE NOT EXISTS (SELECT FROM countersign.signing_key)
        """,
        parameters: [.bytea],
        bind: { secret, parameters throws(PostgresError) in try parameters.append(secret) })
}

/// The result of a run of `migrate`.
package struct MigrationSummary: Equatable, Sendable {
    /// The migrations that this run applied, in order; empty if there was nothing to do.
    package let applied: [String]
    /// The number of the last migration that the database has now.
    package let version: Int
}
