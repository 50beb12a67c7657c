import Crypto
import LibPQ

extension AdministrationSession {
    /// Brings the schema to this build's version, and the roles to what they should be. It may run on many nodes at
    /// once: one applies the migrations, and the others wait for it and find nothing left to do.
    ///
    /// Calls go on meanwhile. A migration that does not get a lock in a moment releases all that it has, and tries
    /// again, as `lockRetry` says.
    ///
    /// - Parameters:
    ///   - migrations: The migrations that the build knows.
    ///   - lockRetry: How long to wait for locks.
    ///   - report: A callback that takes what happens, when it happens.
    /// - Throws: `AdministrationFailure` if the database cannot be used or its schema is newer than this build allows
    ///   (nothing is changed then), if a migration fails or does not get its locks (none of it is then applied), or if
    ///   another run holds the lock for ten minutes.
    package func migrate(
        _ migrations: [Migration] = Migration.all, lockRetry: LockRetry = LockRetry(),
        report: (MigrationEvent) -> Void = { _ in }
    ) throws(AdministrationFailure) -> MigrationSummary {
        _ = try run(.lockMigrations, (), doing: "waiting for another migration", timeout: .seconds(600))
        defer { _ = try? run(.unlockMigrations, (), doing: "ending the migration") }
        let missing: ArraySlice<Migration>
        var version = migrations.last?.number ?? 0
        switch try schemaState(known: migrations) {
        case .refused(let reason): throw AdministrationFailure(reason)
        case .empty: missing = migrations[...]
        case .ours(let count): missing = migrations.suffix(count)
        case .newer:
            // A later build has made the roles as it needs them.
            version = try run(.appliedMigrations, (), doing: "reading the migrations").last?.number ?? version
            return MigrationSummary(applied: [], version: version)
        }
        if let reason = try requirements().refusal(missing: missing) { throw AdministrationFailure(reason) }
        try execute(rolesScript, doing: "making the roles")
        try apply(missing, lockRetry, report)
        try ensureSigningKey()
        return MigrationSummary(applied: missing.map(\.name), version: version)
    }

    /// Reads the state of the schema in relation to the migrations of this build.
    func schemaState(known: [Migration] = Migration.all) throws(AdministrationFailure) -> SchemaState {
        do throws(PostgresError) {
            return try SchemaState(
                reading: connection, known: known, deadline: .now + Self.statementTimeout)
        } catch {
            throw AdministrationFailure("reading the schema's state failed: \(error)", cause: error)
        }
    }

    private func requirements() throws(AdministrationFailure) -> DatabaseRequirements {
        do throws(PostgresError) {
            return try DatabaseRequirements(reading: connection, deadline: .now + Self.statementTimeout)
        } catch {
            throw AdministrationFailure("looking at the database failed: \(error)", cause: error)
        }
    }

    /// Applies migrations, each in a transaction of its own.
    private func apply(
        _ migrations: ArraySlice<Migration>, _ lockRetry: LockRetry, _ report: (MigrationEvent) -> Void
    ) throws(AdministrationFailure) {
        guard !migrations.isEmpty else { return }
        let watch = LockWatch(of: connection.backendProcessIdentifier) {
            [parameters] () throws(PostgresError) in
            try Self.connect(parameters, deadline: .now + .seconds(10)) { _ in }
        }
        defer { watch.stop() }
        for migration in migrations {
            report(.applying(migration))
            let givesUp = ContinuousClock.now + lockRetry.patience
            var contested: Set<String> = []
            while try !apply(migration, contested: contested, lockRetry) {
                let sessions = watch.takeSeen()
                guard .now < givesUp else {
                    throw AdministrationFailure(
                        "\(migration.purpose) was not applied: for \(lockRetry.patience) \(sessions.inWords) "
                            + "held a lock that it needs; end that session, or try again when it has ended")
                }
                report(.waiting(migration, for: sessions))
                contested.formUnion(sessions.compactMap(\.table))
                lockRetry.pause()
            }
        }
    }

    /// Tries to apply a migration.
    ///
    /// - Parameter contested: The tables whose locks the tries before did not get.
    /// - Returns: `false` if a lock was not to be had in time. Then nothing is applied, and no lock is held.
    private func apply(_ migration: Migration, contested: Set<String>, _ lockRetry: LockRetry)
        throws(AdministrationFailure) -> Bool
    {
        let purpose = migration.purpose
        do {
            try execute("BEGIN", doing: purpose)
            // The first migration creates the schema, which is the login's own right.
            if migration.number > 1 { try execute("SET LOCAL ROLE countersign_owner", doing: purpose) }
            if !contested.isEmpty {
                try execute(lockRetry.keepVacuumAway(from: contested), doing: purpose)
            }
            try execute("SET LOCAL lock_timeout = \(lockRetry.lockTimeoutMilliseconds)", doing: purpose)
            try execute(migration.sql, doing: purpose, timeout: .seconds(3600))
            _ = try run(.recordMigration, migration, doing: purpose)
            try commit(doing: purpose)
            return true
        } catch {
            try? execute("ROLLBACK", doing: purpose)
            switch error.cause?.sqlState {
            case SQLState.lockNotAvailable, SQLState.deadlockDetected: return false
            default: throw error
            }
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
        "lock_migrations", "SELECT FROM pg_advisory_lock(\(raw: migrationLock))")

    fileprivate static let unlockMigrations = Statement(
        "unlock_migrations", "SELECT FROM pg_advisory_unlock(\(raw: migrationLock))")
}

extension Statement where Input == Migration, Row == Void {
    fileprivate static let recordMigration = Statement(
        "record_migration",
        """
        INSERT INTO countersign.migration (number, name, checksum, oldest_build)
        VALUES (\(\.storedNumber), \(\.name), \(\.checksum), \(\.storedOldestBuild))
        """)
}

extension Statement where Input == [UInt8], Row == Void {
    fileprivate static let addFirstSigningKey = Statement(
        "add_first_signing_key",
        """
        INSERT INTO countersign.signing_key (identifier, secret)
        SELECT gen_random_uuid()::text, \(\.self)
        WHERE NOT EXISTS (SELECT FROM countersign.signing_key)
        """)
}

extension Migration {
    /// The migration, for messages: `migration 3 (charges)`.
    fileprivate var purpose: String { "migration \(number) (\(name))" }

    // Both are of PostgreSQL's type integer.
    fileprivate var storedNumber: Int32 { Int32(number) }
    fileprivate var storedOldestBuild: Int32 { Int32(oldestBuild) }
}

/// What happens during a run of `migrate`.
package enum MigrationEvent: Sendable {
    /// The migration is about to be applied.
    case applying(Migration)
    /// The migration did not get a lock. It will be tried again; until then it holds nothing.
    case waiting(Migration, for: [BlockingSession])
}

/// The result of a run of `migrate`.
package struct MigrationSummary: Equatable, Sendable {
    /// The migrations that this run applied, in order; empty if there was nothing to do.
    package let applied: [String]
    /// The number of the last migration that the database has now.
    package let version: Int
}
