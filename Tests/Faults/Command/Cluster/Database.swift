import Foundation
import LibPQ
import Synchronization

/// Statements that the suite runs past the service, on the servers' own sockets.
enum Database {
    /// Opens a connection for the calling thread.
    static func connect(
        to server: String, of cluster: Cluster, user: String = "postgres", database: String = "countersign"
    ) throws -> Connection {
        let parameters = ConnectionParameters([
            "host": "\(cluster.directory)/socket", "port": "\(cluster.serverPort(server))",
            "dbname": database,
            "user": user, "application_name": "faults",
        ])
        return try Connection(parameters, deadline: .now + .seconds(5))
    }

    /// Runs statements on a connection of their own.
    static func execute(
        _ script: String, on server: String, of cluster: Cluster, user: String = "postgres", seconds: Int = 30
    ) throws {
        let connection = try connect(to: server, of: cluster, user: user)
        defer { connection.close() }
        // One at a time: some may not be in a transaction.
        for statement in script.split(separator: ";") {
            _ = try connection.table(String(statement), deadline: .now + .seconds(seconds))
        }
    }

    /// The rows of a query, as text.
    static func rows(_ query: String, on server: String, of cluster: Cluster, seconds: Int = 10) throws
        -> [[String?]]
    {
        let connection = try connect(to: server, of: cluster)
        defer { connection.close() }
        return try connection.table(query, deadline: .now + .seconds(seconds)).rows
    }
}

/// A session that is held open by a thread of its own until it is released: one with locks, with a snapshot, or idle.
final class HeldSession: Sendable {
    private let isReleased = Mutex(false)

    /// Opens the session and runs statements in it.
    ///
    /// - Parameter again: The statement that is run again and again while the session is held.
    init(
        _ statements: [String], again: String? = nil, on server: String, of cluster: Cluster,
        user: String = "postgres"
    ) {
        Thread.detachNewThread { [self] in
            guard let connection = try? Database.connect(to: server, of: cluster, user: user) else { return }
            defer { connection.close() }
            for statement in statements
            where (try? connection.table(statement, deadline: .now + .seconds(30))) == nil {
                return
            }
            while !isReleased.withLock({ $0 }) {
                if let again, (try? connection.table(again, deadline: .now + .seconds(30))) == nil { return }
                pause(seconds: 0.05)
            }
        }
    }

    func release() { isReleased.withLock { $0 = true } }
}
