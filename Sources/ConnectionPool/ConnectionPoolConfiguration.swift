/// The bounds of a pool.
public struct ConnectionPoolConfiguration: Sendable {
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
