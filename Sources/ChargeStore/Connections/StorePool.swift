import ConnectionPool
import LibPQ
import Logging
import Telemetry

extension ConnectionPool<StoreConnection> {
    /// Makes a pool of a node's store.
    static func storePool(
        named name: String, _ cluster: Cluster, minimumConnections: Int = 1, maximumConnections: Int,
        maximumWaiters: Int,
        maximumWaitersPerShare: Int, _ configuration: StoreConfiguration, logger: Logger,
        metrics: MetricsRecorder
    ) -> ConnectionPool<StoreConnection> {
        var settings = PoolConfiguration()
        settings.minimumConnections = minimumConnections
        settings.maximumConnections = maximumConnections
        settings.maximumWaiters = maximumWaiters
        settings.maximumWaitersPerShare = maximumWaitersPerShare
        settings.connectTimeoutMilliseconds = configuration.connectTimeoutMilliseconds
        let observer = PoolLog(logger: logger, metrics: metrics)
        observer.declare(pool: name)
        return ConnectionPool(configuration: settings, name: name, observer: observer) {
            deadline in
            try StoreConnection(cluster, deadline: deadline) { notice in
                logger.notice("notice from the database", metadata: ["notice": "\(notice)"])
            }
        }
    }
}

/// The observer that logs and counts what happens to a pool's connections.
struct PoolLog: PoolObserver {
    let logger: Logger
    let metrics: MetricsRecorder

    /// The classes of SQLSTATE that have a series of their own (manual, appendix A): what a server, a network or a
    /// pooler can do to a node. `other` counts the rest.
    private static let classes: Set = [
        "none", "other", "08", "22", "23", "25", "26", "28", "34", "3D", "40", "42", "53", "54", "55", "57",
        "58",
        "XX",
    ]

    /// Puts the series of a pool on the metrics page.
    func declare(pool: String) {
        metrics.declare(.connectionsOpened, [pool])
        for name in Self.classes { metrics.declare(.databaseErrors, [name]) }
    }

    func opened(pool: String) {
        metrics.count(.connectionsOpened, [pool])
        logger.info("connected to the database", metadata: ["pool": "\(pool)"])
    }

    func openFailed(pool: String, error: any Error) {
        count(error)
        logger.warning("the database cannot be reached", metadata: ["pool": "\(pool)", "error": "\(error)"])
    }

    func leaseFailed(pool: String, error: any Error) {
        count(error)
    }

    /// Counts an error by the class of its SQLSTATE, of which there are few. An error without one never reached the
    /// server, or lost it.
    private func count(_ error: any Error) {
        var cause = error as? PostgresError
        if case .database(let inner)? = error as? StoreConnectionFailure { cause = inner }
        let name = cause?.sqlState?.classCode ?? "none"
        metrics.count(.databaseErrors, [Self.classes.contains(name) ? name : "other"])
    }

    func closed(pool: String, broken: Bool) {
        guard broken else { return }
        logger.warning("a connection to the database broke", metadata: ["pool": "\(pool)"])
    }
}
