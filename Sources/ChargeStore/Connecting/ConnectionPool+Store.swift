import ConnectionPool
import Logging

extension ConnectionPool<StoreConnection> {
    /// A pool of a node's store.
    static func storePool(
        named name: String, _ cluster: Cluster, maximumConnections: Int, maximumWaiters: Int,
        maximumWaitersPerShare: Int, _ configuration: StoreConfiguration, logger: Logger
    ) -> ConnectionPool<StoreConnection> {
        var settings = ConnectionPoolConfiguration()
        settings.maximumConnections = maximumConnections
        settings.maximumWaiters = maximumWaiters
        settings.maximumWaitersPerShare = maximumWaitersPerShare
        settings.connectTimeoutMilliseconds = configuration.connectTimeoutMilliseconds
        return ConnectionPool(configuration: settings, name: name, observer: PoolLog(logger: logger)) {
            deadline in
            try StoreConnection(cluster, deadline: deadline) { notice in
                logger.notice("the database says", metadata: ["notice": "\(notice)"])
            }
        }
    }
}
