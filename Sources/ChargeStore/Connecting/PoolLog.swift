import ConnectionPool
import Logging

/// Tells the log what a pool's connections do.
struct PoolLog: PoolObserver {
    let logger: Logger

    func opened(pool: String) {
        logger.info("connected to the database", metadata: ["pool": "\(pool)"])
    }

    func openFailed(pool: String, error: any Error) {
        logger.warning("the database cannot be reached", metadata: ["pool": "\(pool)", "error": "\(error)"])
    }

    func closed(pool: String, broken: Bool) {
        guard broken else { return }
        logger.warning("a connection to the database broke", metadata: ["pool": "\(pool)"])
    }
}
