/// The shares of a pool's queue. Each share has a bound of its own, and the shares take turns.
public enum QueueShare: Hashable, Sendable {
    /// Work that belongs to nobody in particular.
    case common
    /// One operator's calls, by the operator's identifier.
    case `operator`(Int64)
    /// The provider's calls.
    case provider
    /// The batches of operators' calls, which have waited for their turns in a queue of their own.
    case batches
    /// Work that no caller waits for.
    case background
}
