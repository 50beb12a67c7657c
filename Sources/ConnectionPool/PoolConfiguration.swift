/// The bounds of a pool.
public struct PoolConfiguration: Sendable {
    /// The number of connections that are opened at the start and kept.
    public var minimumConnections = 1
    /// The most connections at a time, each with a thread of its own.
    public var maximumConnections = 8
    /// The most leases that may wait; 0 refuses at once when all connections are busy.
    public var maximumWaiters = 1024
    /// The most leases of one share that may wait.
    public var maximumWaitersPerShare = 1024
    /// The time that one attempt to connect may take.
    public var connectTimeoutMilliseconds = 3000
    /// The bound of the random pause after the first failed attempt to connect. It doubles with each further failure.
    public var firstBackOffMilliseconds = 50
    /// The longest bound of that pause.
    public var longestBackOffMilliseconds = 2000
    /// The time after which an idle connection above the minimum is closed.
    public var idleTimeoutSeconds = 60
    /// The age at which a connection is replaced, between leases. It is replaced up to a tenth sooner, at random, so
    /// that not all connections are replaced at once.
    public var maximumAgeSeconds = 1800

    /// A configuration with the defaults.
    public init() {}
}

/// A connection that a pool can hold. Its members are called on one thread, which opened the connection and may block.
public protocol PooledConnection: AnyObject, SendableMetatype {
    /// Whether another lease may have the connection: it is open and idle, with no work half done. It is read before
    /// and after each lease, so it must be quick.
    var isUsable: Bool { get }

    /// Closes the connection, which is not used again.
    func close()
}

/// The reason for which a lease was refused. Its body never ran.
public enum PoolRefusal: Error, Hashable, Sendable {
    /// The queue holds as many leases as it may.
    case queueFull
    /// The queue holds as many leases of this share as it may.
    case shareExceeded
    /// No connection was free before the deadline.
    case deadlinePassed
    /// The task of the lease was cancelled.
    case cancelled
    /// The pool has ended.
    case shutDown
}

/// The reason for which a lease returned no value.
public enum LeaseError<Failure: Error>: Error {
    /// The body never ran.
    case refused(PoolRefusal)
    /// The body threw.
    case failed(Failure)
}

/// The numbers of a pool's connections and leases in each state.
public struct PoolStatistics: Equatable, Sendable {
    /// Connections that are open and free.
    public var idle = 0
    /// Connections that execute a lease.
    public var leased = 0
    /// Connections that are being opened.
    public var opening = 0
    /// Leases that wait for a connection.
    public var waiting = 0
}

/// An observer of a pool's connections. Its members are called on any of the pool's threads, and must be quick.
public protocol PoolObserver: Sendable {
    /// A connection was opened.
    func opened(pool: String)
    /// An attempt to open a connection failed; the next one follows after a pause.
    func openFailed(pool: String, error: any Error)
    /// The body of a lease threw.
    func leaseFailed(pool: String, error: any Error)
    /// A connection was closed; `broken` says that it could no longer be used.
    func closed(pool: String, broken: Bool)
}
