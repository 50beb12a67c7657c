import ChargeStore
import EmbeddedPostgres
import Foundation
import Glibc
import LibPQ

/// The private PostgreSQL server of a benchmark. Its data are deleted at the end.
final class BenchmarkServer {
    private let server: EmbeddedPostgres
    let directory: String
    private static let nodeLogin = "countersign_node"
    private static let reportsLogin = "countersign_reports"

    /// Starts the server.
    ///
    /// - Parameter settings: Settings of postgresql.conf that override those of the benchmark.
    init(directory: String, settings: [String: String]) throws {
        self.directory = try EmbeddedPostgres.usableDirectory(directory)
        var configuration = EmbeddedPostgres.Configuration(directory: self.directory)
        configuration.endsWithParent = true
        configuration.settings = Self.settings.merging(settings) { _, given in given }
        try EmbeddedPostgres.remove(self.directory)
        server = try EmbeddedPostgres(configuration)
        try server.start()
    }

    /// The settings of a server of this size. The settings for durable commits keep their defaults.
    private static let settings = [
        "shared_buffers": "2GB", "max_wal_size": "8GB", "max_connections": "500",
        // Each run makes its checkpoints itself, at fixed times.
        "checkpoint_timeout": "1h",
    ]

    /// Makes a database with this build's schema.
    func makeDatabase(_ name: String) throws -> BenchmarkDatabase {
        let administration = try AdministrationSession(database: connectionString("postgres"))
        defer { administration.close() }
        try administration.makeDatabase(name) { unfinished in
            let session = try AdministrationSession(database: connectionString(unfinished))
            defer { session.close() }
            _ = try session.migrate()
            try session.addNodeLogin(Self.nodeLogin)
            try session.addReportingLogin(Self.reportsLogin)
        }
        return BenchmarkDatabase(
            owner: connectionString(name), node: connectionString(name, user: Self.nodeLogin),
            reports: connectionString(name, user: Self.reportsLogin))
    }

    func connectionString(_ database: String, user: String = "postgres") -> String {
        ConnectionParameters(server.connectionParameters(database: database, user: user)).connectionString
    }

    /// Kills the server and removes its data.
    func end() {
        server.kill()
        try? EmbeddedPostgres.remove(directory)
    }
}

/// The connection strings of a database for its users.
struct BenchmarkDatabase {
    /// The owner, who seeds and counts.
    let owner: String
    /// The login of the node.
    let node: String
    /// The login of reports.
    let reports: String
}

/// A folder for the files of one run. Its name is unpredictable, and only its owner can read it.
struct TemporaryFolder {
    let path: String

    init() throws {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/countersign-bench-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure(
                "a folder cannot be created in \(FileManager.default.temporaryDirectory.path)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
