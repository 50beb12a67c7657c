import Authentication
import Charges
import ConnectionPool
import LibPQ
import Scheduling

/// What a node writes of itself into the table `node_status`.
struct NodeReport: Sendable {
    let name: String
    let version: String
    let buildNumber: Int
    let openConnectionCount: Int
    let busyConnectionCount: Int
    let maximumConnectionCount: Int
    let waitingForConnectionCount: Int
    let queuedCallCount: Int
    let unknownOutcomeCount: Int
    /// The time since the node started, in milliseconds.
    let uptimeMilliseconds: Int
}

extension Statement where Input == NodeReport, Row == Void {
    /// Writes a node's row, and deletes the rows that nobody has written for a day, so that the table has no more rows
    /// than there were nodes within a day. The start is reckoned at each time from how long ago it was; small
    /// differences are not written.
    static let recordNodeStatus = Statement(
        "record_node_status",
        """
        INSERT INTO countersign.node_status AS known (
            name, version, build, database_role, open_connections, busy_connections, maximum_connections,
            waiting_for_connections, queued_calls, unknown_outcomes, started_on)
        SELECT
            \(\.name)::text, \(\.version)::text, \(\.buildNumber)::bigint,
            CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END,
            \(\.openConnectionCount)::bigint, \(\.busyConnectionCount)::bigint,
            \(\.maximumConnectionCount)::bigint, \(\.waitingForConnectionCount)::bigint,
            \(\.queuedCallCount)::bigint, \(\.unknownOutcomeCount)::bigint,
            clock_timestamp() - make_interval(secs => \(\.uptimeMilliseconds)::bigint / 1000.0)
        FROM countersign.purge_node_status(\(\.name))
        ON CONFLICT (name) DO UPDATE SET
            version = excluded.version, build = excluded.build, database_role = excluded.database_role,
            open_connections = excluded.open_connections, busy_connections = excluded.busy_connections,
            maximum_connections = excluded.maximum_connections,
            waiting_for_connections = excluded.waiting_for_connections, queued_calls = excluded.queued_calls,
            unknown_outcomes = excluded.unknown_outcomes,
            started_on = CASE
                WHEN abs(extract(epoch FROM excluded.started_on - known.started_on)) < 2 THEN known.started_on
                ELSE excluded.started_on
            END,
            last_seen_on = clock_timestamp()
        """)
}

extension Statement where Input == Void, Row == NodeStatus {
    static let nodeStatuses = Statement(
        "node_statuses",
        """
        SELECT
            name, version, build::bigint, database_role, open_connections::bigint, busy_connections::bigint,
            maximum_connections::bigint, waiting_for_connections::bigint, queued_calls::bigint,
            unknown_outcomes, started_on, last_seen_on,
            last_seen_on > clock_timestamp() - make_interval(secs => \(raw: NodeStatus.freshSeconds))
        FROM countersign.node_status
        WHERE last_seen_on > clock_timestamp() - interval '1 day'
        ORDER BY name
        """,
        row: NodeStatus.init)
}

extension Store {
    /// Writes what the node says of itself. A failure is logged, and the row is then no longer fresh.
    ///
    /// - Parameters:
    ///   - name: The node's name.
    ///   - version: The version of the build.
    ///   - startedAt: The moment at which the node started.
    package func recordNodeStatus(name: String, version: String, startedAt: ContinuousClock.Instant) async {
        let statistics = pools.map(\.pool.statistics)
        let queued = batcher.waitingCounts
        let report = NodeReport(
            name: name, version: version, buildNumber: Build.number,
            openConnectionCount: statistics.reduce(0) { $0 + $1.idle + $1.leased },
            busyConnectionCount: statistics.reduce(0) { $0 + $1.leased },
            maximumConnectionCount: pools.reduce(0) { $0 + $1.pool.maximumConnections },
            waitingForConnectionCount: statistics.reduce(0) { $0 + $1.waiting },
            queuedCallCount: queued.decisions + queued.acknowledgements,
            unknownOutcomeCount: resolver.unresolvedCount,
            uptimeMilliseconds: (ContinuousClock.now - startedAt).milliseconds)
        _ = await pool.attempt(
            .recordNodeStatus, report, doing: "writing the node's status", within: .seconds(5),
            logger: logger)
    }
}
