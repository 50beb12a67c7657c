import ConnectionPool
import LibPQ

/// A connection of a node's pool. It is open to the primary, on a schema that admits this build, and knows the server's
/// clock.
final class StoreConnection: PooledConnection {
    let connection: Connection
    private let cluster: Cluster
    private let clockAtFirst: ServerClock
    private let identity: ServerIdentity
    private var isClosed = false

    /// Finds the primary and checks the schema, so that no connection of a pool is on a schema that it may not use.
    init(
        _ cluster: Cluster, deadline: ContinuousClock.Instant, onNotice: @escaping (ServerMessage) -> Void
    ) throws(StoreConnectionFailure) {
        do throws(PostgresError) {
            let found = try ClusterSearch(cluster: cluster, deadline: deadline, onNotice: onNotice).run()
            do throws(PostgresError) {
                try Self.dropGone(from: cluster, found.connection, deadline: deadline)
                if cluster.pooler == .none {
                    _ = try found.connection.run(.prepareSession, (), deadline: deadline)
                }
                clockAtFirst = try ServerClock(reading: found.connection, deadline: deadline)
                cluster.recordClock(clockAtFirst)
                guard cluster.reserveConnection() else {
                    throw .connectionFailed("too many connections wait for the end of their COMMIT")
                }
            } catch {
                found.connection.close()
                throw error
            }
            self.cluster = cluster
            connection = found.connection
            identity = found.identity
        } catch {
            throw .database(error)
        }
        try admit(deadline: deadline)
    }

    /// Whether the connection may be used again. A server that was demoted, or replaced by one with a higher timeline,
    /// is left at once.
    var isUsable: Bool {
        let isUsable =
            connection.isUsable && !connection.hasRefusedToWrite && cluster.accepts(identity)
            && connection.parameterStatus("in_hot_standby") != "on"
            && connection.parameterStatus("default_transaction_read_only") != "on"
        if !isUsable { cluster.invalidatePrimary() }
        return isUsable
    }

    func close() {
        connection.close()
        guard !isClosed else { return }
        isClosed = true
        // A pooler makes up the process identifiers that it gives, and bounds the server's processes itself.
        let abandoned = cluster.pooler == .none ? connection.abandonedProcessIdentifier : nil
        cluster.releaseConnection(abandoning: abandoned, of: identity)
    }

    /// The server's clock as any connection last read it.
    var clock: ServerClock { cluster.clock ?? clockAtFirst }

    /// Reads the server's clock again.
    func readClock(deadline: ContinuousClock.Instant) throws(PostgresError) {
        cluster.recordClock(try ServerClock(reading: connection, deadline: deadline))
    }

    private static func dropGone(
        from cluster: Cluster, _ connection: Connection, deadline: ContinuousClock.Instant
    ) throws(PostgresError) {
        let abandoned = cluster.abandoned
        guard !abandoned.isEmpty else { return }
        let left = try connection.run(.processesThere, abandoned.map(Int64.init), deadline: deadline)
        // The number of a process that is gone may have been given to this connection's own process.
        cluster.removeAbandoned(abandoned.subtracting(left).union([connection.backendProcessIdentifier]))
    }

    private func admit(deadline: ContinuousClock.Instant) throws(StoreConnectionFailure) {
        let state: SchemaState
        do throws(PostgresError) {
            state = try SchemaState(reading: connection, deadline: deadline)
        } catch {
            close()
            throw .database(error)
        }
        switch state {
        case .ours(missing: 0), .newer: return
        case .ours, .empty:
            close()
            throw .schema("the database's schema is older than this build; run 'countersign migrate'")
        case .refused(let reason):
            close()
            throw .schema(reason)
        }
    }
}

extension Statement where Input == [Int64], Row == Int32 {
    /// The server processes of some that still exist.
    fileprivate static let processesThere = Statement(
        "processes_there", "SELECT pid FROM pg_stat_activity WHERE pid::bigint = ANY (\(\.self))")
}

/// The reason for which a connection of a node's pool could not be made.
enum StoreConnectionFailure: Error, CustomStringConvertible {
    case database(PostgresError)
    /// The database was reached, and its schema does not let the node use it.
    case schema(String)

    var description: String {
        switch self {
        case .database(let error) where error.sqlState == .duplicatePreparedStatement:
            DatabasePooler.missingSetting
        case .database(let error): "\(error)"
        case .schema(let reason): reason
        }
    }
}

extension Statement where Input == Void, Row == Void {
    /// Sets everything that the session's statements depend on, whatever the server, the database or the role has been
    /// given. `SessionSettings` has the values. A durability that is too low for an answer to be true after a crash is
    /// raised; a level that waits for more stays.
    static let prepareSession = preparing("prepare_session", isLocal: false)

    /// Sets the same for one transaction, on a session that the next one may not have.
    static let prepareTransaction = preparing("prepare_transaction", isLocal: true)

    private static func preparing(_ name: String, isLocal: Bool) -> Statement {
        let settings = SessionSettings.all.map { "('\($0.name)', '\($0.value)')" }
        return Statement(
            name,
            """
            SELECT count(set_config(name, value, \(raw: isLocal)))
            FROM (
                VALUES \(raw: settings.joined(separator: ", "))
                UNION ALL
                SELECT 'synchronous_commit', 'on' WHERE current_setting('synchronous_commit') IN ('off', 'local')
            ) AS setting (name, value)
            """)
    }
}
