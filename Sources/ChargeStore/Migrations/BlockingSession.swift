import Dispatch
import Foundation
import LibPQ
import Synchronization

/// A session that holds a lock which a migration waits for, or is ahead of it in the lock's queue.
package struct BlockingSession: Equatable, Sendable, CustomStringConvertible {
    /// The number of its server process; 0 for a prepared transaction.
    package let processIdentifier: Int32
    /// Its `application_name`, or what the server process is; `nil` if this login may not see it.
    let application: String?
    /// Its login; `nil` for the server's own processes, or if this login may not see it.
    let user: String?
    /// What it does, as `pg_stat_activity.state` has it; `nil` if this login may not see it.
    let state: String?
    /// The age of its transaction in seconds; `nil` if this login may not see it.
    let transactionSeconds: Int?
    /// The table of Countersign's whose lock the migration waits for; `nil` if it waits for something else.
    let table: String?

    /// The session in words: `session 4711 (psql, user anna, idle in transaction, 312 s in its transaction)`.
    package var description: String {
        guard processIdentifier != 0 else { return "a prepared transaction (see pg_prepared_xacts)" }
        let facts = [
            application, user.map { "user \($0)" }, state,
            transactionSeconds.map { "\($0) s in its transaction" },
        ].compactMap { $0 }
        return "session \(processIdentifier)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }
}

extension [BlockingSession] {
    /// The sessions in words; what can be said where none was seen.
    package var inWords: String {
        isEmpty ? "another session" : map(\.description).joined(separator: " and ")
    }
}

/// A watch that records which sessions block a session that waits for a lock. It looks again and again, on a session and
/// a thread of its own, since the server no longer knows it once the wait has ended. Any thread may use it.
final class LockWatch: Sendable {
    private let seen = Mutex<[BlockingSession]>([])
    private let isStopping = DispatchSemaphore(value: 0)
    private let hasStarted = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// The time between two looks, well under the time for which a migration waits for a lock.
    private static let intervalMilliseconds = 30

    /// Starts to look, and returns when the session is open. Without a session, for example on a server without a free
    /// connection, the watch sees nothing.
    ///
    /// - Parameters:
    ///   - process: The server process of the session that may wait.
    ///   - connect: A closure that opens the watch's session, on the watch's thread.
    init(of process: Int32, connect: @escaping @Sendable () throws(PostgresError) -> Connection) {
        Thread.detachNewThread { [self] in
            let connection = try? connect()
            hasStarted.signal()
            if let connection {
                look(at: process, connection)
                connection.close()
            }
            hasEnded.signal()
        }
        hasStarted.wait()
    }

    /// The sessions that were in the way since the last call, each as it was seen last.
    func takeSeen() -> [BlockingSession] {
        seen.withLock { seen in
            defer { seen = [] }
            return seen
        }
    }

    /// Ends the session. It must be called once, and nothing after it.
    func stop() {
        isStopping.signal()
        hasEnded.wait()
    }

    private func look(at process: Int32, _ connection: Connection) {
        let interval = DispatchTimeInterval.milliseconds(Self.intervalMilliseconds)
        while isStopping.wait(timeout: .now() + interval) == .timedOut {
            let found = try? connection.run(.blockingSessions, process, deadline: .now + .seconds(5))
            guard let found else { return }
            seen.withLock { seen in
                for session in found {
                    seen.removeAll { $0.processIdentifier == session.processIdentifier }
                    seen.append(session)
                }
            }
        }
    }
}

extension Statement where Input == Int32, Row == BlockingSession {
    /// Reads who is in the way of a server process. While it does not wait, the locks are not looked at, since that
    /// holds up everyone who locks.
    fileprivate static let blockingSessions = Statement(
        "blocking_sessions",
        """
        SELECT
            blocking.pid,
            coalesce(nullif(activity.application_name, ''), activity.backend_type),
            activity.usename::text,
            activity.state,
            extract(epoch FROM clock_timestamp() - activity.xact_start)::bigint::integer,
            (
                SELECT format('%I.%I', relation.relnamespace::regnamespace::text, relation.relname)
                FROM pg_locks AS lock JOIN pg_class AS relation ON relation.oid = lock.relation
                WHERE lock.pid = waiting.pid AND NOT lock.granted AND lock.locktype = 'relation'
                    AND relation.relkind = 'r' AND relation.relnamespace::regnamespace::text = 'countersign'
            )
        FROM pg_stat_get_activity(\(\.self)) AS waiting
        CROSS JOIN LATERAL unnest(
            CASE WHEN waiting.wait_event_type = 'Lock' THEN pg_blocking_pids(waiting.pid) ELSE '{}' END
        ) AS blocking (pid)
        LEFT JOIN pg_stat_activity AS activity ON activity.pid = blocking.pid AND blocking.pid <> 0
        """,
        row: BlockingSession.init)
}
