import ConnectionPool
import LibPQ
import Logging
import Telemetry

extension ConnectionPool<StoreConnection> {
    /// Makes a pool of a node's store.
    static func storePool(
        named name: String, _ cluster: Cluster, maximumConnections: Int, maximumWaiters: Int,
        maximumWaitersPerShare: Int, _ configuration: StoreConfiguration, logger: Logger,
        metrics: MetricsRecorder
    ) -> ConnectionPool<StoreConnection> {
        var settings = PoolConfiguration()
        settings.maximumConnections = maximumConnections
        settings.maximumWaiters = maximumWaiters
        settings.maximumWaitersPerShare = maximumWaitersPerShare
        settings.connectTimeoutMilliseconds = configuration.connectTimeoutMilliseconds
        let observer = PoolLog(logger: logger, metrics: metrics)
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
        metrics.count(.databaseErrors, [cause?.sqlState?.classCode ?? "none"])
    }

    func closed(pool: String, broken: Bool) {
        guard broken else { return }
        logger.warning("a connection to the database broke", metadata: ["pool": "\(pool)"])
    }
}
