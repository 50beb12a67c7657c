import LibPQ

/// A migration that a database says it has.
struct AppliedMigration: Sendable {
    let number: Int
    let name: String
    let checksum: [UInt8]
    let oldestBuild: Int
}

extension Statement where Input == Void, Row == Bool {
    /// Whether the database has a schema named `countersign`, and whether it has our record of migrations.
    static let schemaExists = Statement(
        "schema_exists", "SELECT to_regnamespace('countersign') IS NOT NULL",
        decode: { row throws(PostgresError) in try row.next(Bool.self) })

    static let migrationTableExists = Statement(
        "migration_table_exists", "SELECT to_regclass('countersign.migration') IS NOT NULL",
        decode: { row throws(PostgresError) in try row.next(Bool.self) })
}

extension Statement where Input == Void, Row == AppliedMigration {
    static let appliedMigrations = Statement(
        "applied_migrations",
        "SELECT number, name, checksum, oldest_build FROM countersign.migration ORDER BY number",
        decode: { row throws(PostgresError) in
            AppliedMigration(
                number: Int(try row.next(Int32.self)), name: try row.next(String.self),
                checksum: try row.next([UInt8].self), oldestBuild: Int(try row.next(Int32.self)))
        })
}
