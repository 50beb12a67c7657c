import Crypto

/// One step of the schema: a file of `sql/migrations`, applied once, in one transaction, and never edited
/// after its release.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: String
    /// The oldest build that may run once the migration is applied: its line `-- oldest-build: N`.
    package let oldestBuild: Int

    /// The SHA-256 of the file.
    package var checksum: [UInt8] { Array(SHA256.hash(data: Array(sql.utf8))) }

    /// - Parameters:
    ///   - fileName: `0001_schema`, the file's name without its ending.
    ///   - contents: The file.
    init(fileName: String, contents: [UInt8]) {
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

    private static func oldestBuild(in sql: String) -> Int? {
        let marker = "-- oldest-build: "
        return sql.split(separator: "\n").first { $0.hasPrefix(marker) }
            .flatMap { Int($0.dropFirst(marker.count)) }
    }
}
