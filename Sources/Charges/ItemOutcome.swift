/// What became of one item of a call.
package enum ItemOutcome: Equatable, Sendable {
    /// The decision is durable: made now, or by an earlier call that this one repeats.
    case decided(DecisionMade)
    /// Nothing was done for this item.
    case failed(ItemFailure)
}

/// A decision that stands: when it was made, by the database's clock, and its number among the charge's own.
package struct DecisionMade: Equatable, Sendable {
    package let decidedOn: Timestamp
    /// The decisions of one charge are numbered from 1.
    package let revision: Int

    package init(decidedOn: Timestamp, revision: Int) {
        self.decidedOn = decidedOn
        self.revision = revision
    }
}
