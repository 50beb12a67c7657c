/// What the pool is to do next. The state machine says it; the pool does it.
enum PoolAction: Equatable, Sendable {
    /// Open a connection on this slot's thread, in the time that an attempt may take.
    case open(slot: Int)
    /// Close the connection of this slot on its thread.
    case close(slot: Int, broken: Bool)
    /// Run a lease's body on this slot's thread.
    case run(Waiter, slot: Int)
    /// Tell a lease that it will not be given.
    case refuse(Waiter, PoolRefusal)
    /// End this slot's thread.
    case stop(slot: Int)
    /// All is over: tell those who wait for the end.
    case finished
}
