import Charges

/// A call that waits to be decided together with others: what is to be known of it to choose.
struct BatchTicket: Equatable, Sendable {
    let identifier: UInt64
    /// Whose it is.
    let operatorIdentifier: OperatorIdentifier
    /// Acknowledgements are decided by another statement, and so only with their like.
    let isAcknowledging: Bool
    /// What nobody else may touch meanwhile.
    let keys: [BatchKey]
    let itemCount: Int
    /// Nothing is done after it.
    let deadline: ContinuousClock.Instant
}
