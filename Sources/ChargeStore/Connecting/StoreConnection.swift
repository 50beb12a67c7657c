import ConnectionPool
import LibPQ

/// A connection of a node's pool: open, on a schema that admits this build, and aware of the server's clock.
final class StoreConnection: PooledConnection {
    let connection: Connection
    /// What the server's clock said last.
    private(set) var clock: ServerClock

    /// Connects and looks at the schema, so that no connection of a pool is on one that it may not use.
    init(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant,
        onNotice: @escaping (ServerMessage) -> Void
    ) throws(StoreConnectionFailure) {
        let connection: Connection
        do {
            connection = try Connection(parameters, deadline: deadline, noticeHandler: onNotice)
        } catch {
            throw .database(error)
        }
        do throws(PostgresError) {
            clock = try ServerClock(reading: connection, deadline: deadline)
        } catch {
            connection.close()
            throw .database(error)
        }
        self.connection = connection
        try admit(deadline: deadline)
    }

    var isUsable: Bool { connection.isUsable }

    func close() {
        connection.close()
    }

    /// Asks the server for its time anew.
    func readClock(deadline: ContinuousClock.Instant) throws(PostgresError) {
        clock = try ServerClock(reading: connection, deadline: deadline)
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
