import ConnectionPool
import Logging

/// Tells the log what a pool's connections do.
struct PoolLog: PoolObserver {
    let logger: Logger
}
