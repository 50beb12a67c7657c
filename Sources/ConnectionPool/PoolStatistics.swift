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
