import Foundation
import LibPQ
import Synchronization

extension Injection {
    /// Other sessions of the database that hold locks or places, and sessions that are ended.
    static let sessions: [Injection] = [
        Injection("sessions-terminated", [.sessions], lasts: 4...8) { context in
            let repeated = try Repeated(every: 0.2, context) { cluster, primary in
                try Database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'countersign_node' "
                        + "ORDER BY random() LIMIT 1", on: primary, of: cluster)
            }
            return Active("five a second") { repeated.end() }
        },
        Injection("connections-exhausted", [.sessions], lasts: 2...5, stopsService: true) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            let crowd = Crowd(450, on: primary, of: cluster)
            try Database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    + "WHERE usename = 'countersign_node' AND application_name <> 'faults'", on: primary,
                of: cluster)
            return Active(primary) { crowd.release() }
        },
        held("row-locked", ["SELECT \(lastCharges) FOR UPDATE"]),
        held(
            "savepoint-locked",
            [
                "SELECT \(lastCharges) FOR KEY SHARE", "SAVEPOINT one", "SELECT \(lastCharges) FOR UPDATE",
                "SAVEPOINT two",
                "SELECT \(lastCharges) FOR UPDATE", "ROLLBACK TO one",
                "SELECT \(lastCharges) FOR NO KEY UPDATE",
            ]),
        held("multixact-locked", sessions: 3, ["SELECT \(lastCharges) FOR SHARE"]),
        held(
            "idle-in-transaction",
            ["SELECT count(*) FROM countersign.charge_history", "SELECT \(lastCharges) FOR KEY SHARE"]),
        held(
            "table-locked", lasts: 1...3, ["LOCK TABLE countersign.charge IN ACCESS EXCLUSIVE MODE"],
            stopsService: true),
        Injection("vacuum-full", [.rows], lasts: 0...1, stopsService: true) { context in
            let primary = try context.cluster.primary()
            for table in ["charge", "charge_history", "batch"] {
                try Database.execute(
                    "VACUUM FULL countersign.\(table)", on: primary, of: context.cluster, seconds: 30)
            }
            return Active(primary)
        },
        Injection("migration", [.rows], lasts: 3...5, stopsService: true) { context in
            // What a migration does to those that work: its lock on a table, again and again, and its own checks.
            let repeated = try Repeated(every: 0.7, context) { cluster, primary in
                try Database.execute(
                    "ALTER TABLE countersign.charge SET (fillfactor = 42)", on: primary, of: cluster,
                    seconds: 5)
                try cluster.admin("migrate")
            }
            return Active("the schema") { repeated.end() }
        },
    ]

    /// The charges that clients meet at.
    static let lastCharges =
        "1 FROM (SELECT * FROM countersign.charge ORDER BY received_on DESC, number LIMIT 25) AS last "
        + "JOIN countersign.charge USING (operator_id, number)"

    /// A fault of sessions that hold a transaction open.
    private static func held(
        _ name: String, lasts: ClosedRange<Double> = 2...6, sessions: Int = 1, _ statements: [String],
        stopsService: Bool = false
    ) -> Injection {
        Injection(name, [.rows], lasts: lasts, stopsService: stopsService) { context in
            let cluster = context.cluster
            let primary = try cluster.primary()
            let held = (0..<sessions).map { _ in
                HeldSession(["BEGIN"] + statements, on: primary, of: cluster)
            }
            return Active(primary) { for session in held { session.release() } }
        }
    }
}

/// Something that is done again and again by a thread of its own. What fails is done again.
final class Repeated: Sendable {
    private let isEnded = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)

    init(
        every seconds: Double, _ context: Injection.Context,
        _ body: @escaping @Sendable (_ cluster: Cluster, _ primary: String) throws -> Void
    ) throws {
        let cluster = context.cluster
        let primary = try cluster.primary()
        Thread.detachNewThread { [self] in
            while !isEnded.withLock({ $0 }) {
                try? body(cluster, primary)
                pause(seconds: seconds)
            }
            ended.signal()
        }
    }

    func end() {
        isEnded.withLock { $0 = true }
        ended.wait()
    }
}

/// Connections that do nothing, held by a thread of their own.
final class Crowd: Sendable {
    private let isReleased = Mutex(false)
    private let ready = DispatchSemaphore(value: 0)

    /// Opens connections until there are so many, or the server refuses more.
    init(_ number: Int, on server: String, of cluster: Cluster) {
        Thread.detachNewThread { [self] in
            var connections: [Connection] = []
            while connections.count < number,
                let connection = try? Database.connect(to: server, of: cluster, user: "countersign_node")
            {
                connections.append(connection)
            }
            ready.signal()
            while !isReleased.withLock({ $0 }) {
                // A place that a session leaves is taken at once.
                if connections.count < number,
                    let connection = try? Database.connect(to: server, of: cluster, user: "countersign_node")
                {
                    connections.append(connection)
                }
                pause(seconds: 0.05)
            }
            for connection in connections { connection.close() }
        }
        ready.wait()
    }

    func release() { isReleased.withLock { $0 = true } }
}
