/// A lease that was asked for: what to do with a connection, or with a refusal. One of the two is called, once.
struct PoolJob<Connection: PooledConnection>: Sendable {
    /// Runs the body and returns what hands its result to the one who waits for it.
    let run: @Sendable (Connection) -> @Sendable () -> Void
    let refuse: @Sendable (PoolRefusal) -> Void
}
