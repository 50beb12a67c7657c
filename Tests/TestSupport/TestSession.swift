import ConnectionPool
package import LibPQ

/// One session of a test with a database: what it begins stays open until it ends it. Each call runs on the
/// session's own thread.
package final class TestSession: Sendable {
    private let pool: ConnectionPool<SessionConnection>

    package init(_ parameters: ConnectionParameters) {
        var configuration = PoolConfiguration()
        configuration.minimumConnections = 1
        configuration.maximumConnections = 1
        pool = ConnectionPool(configuration: configuration, name: "test-session", observer: nil) { deadline in
            SessionConnection(try Connection(parameters, deadline: deadline))
        }
        pool.start()
    }

    /// Runs SQL without parameters, several statements perhaps.
    package func execute(_ script: String) async throws {
        try await pool.withConnection(deadline: .now + .patience) { session throws(PostgresError) in
            try session.connection.execute(script, deadline: .now + .patience)
        }
    }

    /// The one text column of a query's rows.
    package func texts(_ sql: String) async throws -> [String?] {
        let statement = Statement<Void, String?>("", "\(raw: sql)")
        return try await pool.withConnection(deadline: .now + .patience) { session throws(PostgresError) in
            try session.connection.run(statement, (), deadline: .now + .patience)
        }
    }

    /// The one whole number that a query gives.
    package func count(_ sql: String) async throws -> Int {
        Int(try await texts("SELECT (\(sql))::text").first.flatMap { $0 } ?? "") ?? -1
    }

    /// Returns once a condition holds in the database, which looks again every 10 ms.
    ///
    /// - Parameter condition: An SQL expression.
    /// - Throws: If it does not in `Duration.patience`.
    package func wait(until condition: String) async throws {
        try await execute(
            """
            DO $wait$ BEGIN
                WHILE (\(condition)) IS NOT TRUE LOOP
                    PERFORM pg_sleep_for('10 milliseconds'), pg_stat_clear_snapshot();
                END LOOP;
            END $wait$
            """)
    }

    package func close() async {
        await pool.shutdown(deadline: .now + .patience)
    }
}

/// A connection that stays in the session whatever state its transaction is in.
private final class SessionConnection: PooledConnection {
    let connection: Connection
    init(_ connection: Connection) { self.connection = connection }
    var isUsable: Bool { true }
    func checkHealth(deadline: ContinuousClock.Instant) -> Bool { true }
    func close() { connection.close() }
}
