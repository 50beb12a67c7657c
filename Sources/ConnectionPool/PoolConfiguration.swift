/// The bounds of a pool.
public struct PoolConfiguration: Sendable {
    /// Connections that are opened at the start and kept.
    public var minimumConnections = 1
    /// The most connections at a time, each with a thread of its own.
    public var maximumConnections = 8
    /// The most leases that may wait; 0 refuses at once when all connections are busy.
    public var maximumWaiters = 1024
    /// The most leases of one share that may wait.
    public var maximumWaitersPerShare = 1024
    /// How long one attempt to connect may take.
    public var connectTimeoutMilliseconds = 3000
    /// After a failed attempt to connect the next one waits a random time up to this, doubled with each failure …
    public var firstBackOffMilliseconds = 50
    /// … but no longer than this.
    public var longestBackOffMilliseconds = 2000
    /// A connection above the minimum is closed after being idle so long.
    public var idleTimeoutSeconds = 60
    /// A connection is replaced at this age, between leases; up to a tenth sooner, at random, so that they do
    /// not all go at once.
    public var maximumAgeSeconds = 1800

    /// The defaults.
    public init() {}
}

/// What a pool pools. All of it is called on one thread, which opened the connection and may block.
public protocol PooledConnection: AnyObject, SendableMetatype {
    /// Whether another lease may have the connection: open, idle, nothing half done. Asked before and after each
    /// lease, so it must be quick.
    var isUsable: Bool { get }

    /// Ends the connection.
    func close()
}

/// Why a lease was not given. Its body never ran.
public enum PoolRefusal: Error, Hashable, Sendable {
    /// As many leases wait as may.
    case queueFull
    /// As many leases of this share wait as may.
    case shareExceeded
    /// No connection was free before the deadline.
    case deadlinePassed
    /// The task that asked was cancelled.
    case cancelled
    /// The pool has ended.
    case shutDown
}

/// Why a lease gave no value.
public enum LeaseError<Failure: Error>: Error {
    /// The body never ran.
    case refused(PoolRefusal)
    /// The body threw.
    case failed(Failure)
}

/// How many of a pool's connections and leases are in which state.
public struct PoolStatistics: Equatable, Sendable {
    /// Open and free.
    public var idle = 0
    /// In use.
    public var leased = 0
    /// Being opened.
    public var opening = 0
    /// Leases that wait for a connection.
    public var waiting = 0
}

/// Told what a pool's connections do, on whatever thread it happens. It must be quick.
public protocol PoolObserver: Sendable {
    /// A connection was opened.
    func opened(pool: String)
    /// An attempt to open one failed; the next one follows after a pause.
    func openFailed(pool: String, error: any Error)
    /// The body of a lease threw.
    func leaseFailed(pool: String, error: any Error)
    /// A connection was closed: `broken` if it could not be used any more.
    func closed(pool: String, broken: Bool)
}
