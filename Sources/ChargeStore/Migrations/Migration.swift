import Crypto
import LibPQ

/// One step of the schema: a file of `sql/migrations`, applied once, in one transaction, and never edited
/// after its release.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: String
    /// The oldest build that may run once the migration is applied, from its line `-- oldest-build: N`.
    package let oldestBuild: Int

    /// The SHA-256 of the file.
    package var checksum: [UInt8] { Array(SHA256.hash(data: Array(sql.utf8))) }

    /// Reads a migration file.
    ///
    /// - Parameters:
    ///   - fileName: `0001_schema`, the file's name without its extension.
    ///   - contents: The file's bytes.
    package init(fileName: String, contents: [UInt8]) {
        let parts = fileName.split(separator: "_", maxSplits: 1)
        let sql = String(decoding: contents, as: UTF8.self)
        guard parts.count == 2, let number = Int(parts[0]), let oldestBuild = Self.oldestBuild(in: sql) else {
            preconditionFailure(
                "\(fileName) is no migration: it needs a number, a name and an oldest-build line")
        }
        self.number = number
        name = String(parts[1])
        self.sql = sql
        self.oldestBuild = oldestBuild
    }

    /// The schemas that the migration creates. None of them may exist before it.
    var createdSchemas: [String] {
        let marker = "CREATE SCHEMA "
        return sql.split(separator: "\n").filter { $0.hasPrefix(marker) }
            .compactMap { $0.dropFirst(marker.count).split(separator: " ").first.map(String.init) }
    }

    private static func oldestBuild(in sql: String) -> Int? {
        let marker = "-- oldest-build: "
        return sql.split(separator: "\n").first { $0.hasPrefix(marker) }
            .flatMap { Int($0.dropFirst(marker.count)) }
    }
}

/// A migration that a database records as applied.
struct AppliedMigration: Sendable {
    let number: Int
    let name: String
    let checksum: [UInt8]
    let oldestBuild: Int
}

/// The SQL that makes the roles and their settings, `sql/roles.sql`. It may run any number of times.
let rolesScript = String(decoding: PackageResources.roles_sql, as: UTF8.self)

extension Statement where Input == Void, Row == Bool {
    /// Reads whether the database has a schema named `countersign`.
    static let schemaExists = Statement(
        "schema_exists", "SELECT to_regnamespace('countersign') IS NOT NULL")
}

extension Statement where Input == String, Row == Bool {
    /// Reads whether there is a table or a view of a name, which may have a schema in front.
    static let relationExists = Statement("relation_exists", "SELECT to_regclass(\(\.self)) IS NOT NULL")
}

extension Statement where Input == Void, Row == AppliedMigration {
    static let appliedMigrations = Statement(
        "applied_migrations",
        "SELECT number, name, checksum, oldest_build FROM countersign.migration ORDER BY number",
        row: AppliedMigration.init)
}

/// The build, as far as the schema is concerned.
///
/// Its number is in `sql/build-number`. It is raised whenever a build needs more of the schema, or no longer needs a part
/// of it. A migration names the oldest build that may still run once it is applied, so that nodes can be upgraded one by
/// one.
package enum Build {}
