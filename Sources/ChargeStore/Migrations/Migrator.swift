import Crypto
import LibPQ

extension AdministrationSession {
    /// Brings the schema to this build's version. Safe to run on many nodes at once: one applies, the rest wait
    /// for it and find nothing left to do.
    ///
    /// - Parameter report: Told the name of each migration as it is applied.
    /// - Throws: `AdministrationFailure` if the schema is not ours or is newer than this build allows, if a
    ///   migration fails (it is then not applied at all), or if another run holds the lock for ten minutes.
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

    /// How the schema stands to this build.
    func schemaState() throws(AdministrationFailure) -> SchemaState {
        do throws(PostgresError) {
            return try SchemaState(reading: connection, deadline: .now + Self.statementTimeout)
        } catch {
            throw AdministrationFailure("looking at the schema failed: \(error)", cause: error)
        }
    }

    private func apply(_ migration: Migration) throws(AdministrationFailure) {
        let purpose = "migration \(migration.number) (\(migration.name))"
        // The first one makes the role that the others act as.
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

    /// Makes the first key that signs tokens, where there is none.
    private func ensureSigningKey() throws(AdministrationFailure) {
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        _ = try run(.addFirstSigningKey, secret, doing: "making the first signing key")
    }
}

/// An arbitrary number that only Countersign's migrations lock, one database at a time.
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

/// What a run of `migrate` did.
package struct MigrationSummary: Equatable, Sendable {
    /// The migrations that this run applied, in order; empty if there was nothing to do.
    package let applied: [String]
    /// The number of the last migration that the database has now.
    package let version: Int
}
