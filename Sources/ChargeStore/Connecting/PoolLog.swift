import ConnectionPool
import LibPQ
import Logging
import Measurements

/// Tells the log, and counts, what a pool's connections do.
struct PoolLog: PoolObserver {
    let logger: Logger
    let measurements: Measurements

    func opened(pool: String) {
        measurements.count(.connectionsOpened, [pool])
        logger.info("connected to the database", metadata: ["pool": "\(pool)"])
    }

    func openFailed(pool: String, error: any Error) {
        count(error)
        logger.warning("the database cannot be reached", metadata: ["pool": "\(pool)", "error": "\(error)"])
    }

    func leaseFailed(pool: String, error: any Error) {
        count(error)
    }

    /// By the class of the SQLSTATE, of which there are few. What has none never reached the server, or lost it.
    private func count(_ error: any Error) {
        var cause = error as? PostgresError
        if case .database(let inner)? = error as? StoreConnectionFailure { cause = inner }
        measurements.count(.databaseErrors, [cause?.sqlState?.classCode ?? "none"])
    }

    func closed(pool: String, broken: Bool) {
        guard broken else { return }
        logger.warning("a connection to the database broke", metadata: ["pool": "\(pool)"])
    }
}
