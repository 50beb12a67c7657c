import Charges

/// What the database says of one item of a batch.
enum DecisionVerdict: Equatable, Sendable {
    case outcome(ItemOutcome)
    /// The call's deadline has passed by the server's clock; nothing was done.
    case deadlinePassed

    var isLocked: Bool {
        if case .outcome(.failed(let failure)) = self { failure.code == .chargeLocked } else { false }
    }
}
