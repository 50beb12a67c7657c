/// What is to be done, as `BatcherStateMachine` says.
enum BatchAction: Equatable, Sendable {
    /// Decide these calls together, and then say `ended`.
    case run([BatchTicket])
    /// Nothing will be done for this call.
    case refuse(BatchTicket, BatchRefusal)
}

/// Why nothing is done for a call.
enum BatchRefusal: Equatable, Sendable {
    /// As many calls wait as may.
    case queueFull
    /// As many calls of this operator wait as may.
    case shareExceeded
    /// Its turn did not come in time.
    case deadlinePassed
}
