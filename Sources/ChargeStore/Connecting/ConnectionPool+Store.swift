import ConnectionPool
import Logging
import Measurements

extension ConnectionPool<StoreConnection> {
    /// A pool of a node's store.
    static func storePool(
        named name: String, _ cluster: Cluster, maximumConnections: Int, maximumWaiters: Int,
        maximumWaitersPerShare: Int, _ configuration: StoreConfiguration, logger: Logger,
        measurements: Measurements
    ) -> ConnectionPool<StoreConnection> {
        var settings = ConnectionPoolConfiguration()
        settings.maximumConnections = maximumConnections
        settings.maximumWaiters = maximumWaiters
        settings.maximumWaitersPerShare = maximumWaitersPerShare
        settings.connectTimeoutMilliseconds = configuration.connectTimeoutMilliseconds
        let observer = PoolLog(logger: logger, measurements: measurements)
        return ConnectionPool(configuration: settings, name: name, observer: observer) {
            deadline in
            try StoreConnection(cluster, deadline: deadline) { notice in
                logger.notice("the database says", metadata: ["notice": "\(notice)"])
            }
        }
    }
}
