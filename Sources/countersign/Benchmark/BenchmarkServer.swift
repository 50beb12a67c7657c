import ChargeStore
import EmbeddedPostgres
import Foundation
import Glibc
import LibPQ

/// A PostgreSQL of a benchmark's own. Its data are thrown away at the end.
final class BenchmarkServer {
    private let server: EmbeddedPostgres
    let directory: String
    private static let nodeLogin = "countersign_node"
    private static let reportsLogin = "countersign_reports"

    /// - Parameter settings: Of postgresql.conf, besides those of the benchmark.
    init(directory: String, settings: [String: String]) throws {
        self.directory = try EmbeddedPostgres.usableDirectory(directory)
        var configuration = EmbeddedPostgres.Configuration(directory: self.directory)
        configuration.endsWithParent = true
        configuration.settings = Self.settings.merging(settings) { _, given in given }
        try EmbeddedPostgres.remove(self.directory)
        server = try EmbeddedPostgres(configuration)
        try server.start()
    }

    /// As a server of this size would have them; what makes a commit durable is as it comes.
    private static let settings = [
        "shared_buffers": "2GB", "max_wal_size": "8GB", "max_connections": "200",
        // Checkpoints are made at fixed places of each run.
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

    /// Stops it, without saving what is thrown away, and removes its data.
    func end() {
        server.kill()
        try? EmbeddedPostgres.remove(directory)
    }
}

/// A database, as libpq takes it.
struct BenchmarkDatabase {
    /// For whoever seeds and counts.
    let owner: String
    /// For the node.
    let node: String
    /// For reports.
    let reports: String
}

/// A folder for the files of one run. Nobody else can name it beforehand, or look into it.
struct TemporaryFolder {
    let path: String

    init() throws {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/countersign-bench-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure("no folder can be made in \(FileManager.default.temporaryDirectory.path)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
