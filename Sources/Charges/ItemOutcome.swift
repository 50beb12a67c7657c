/// What became of one item of a call.
package enum ItemOutcome: Equatable, Sendable {
    /// The decision or acknowledgement is durable: made now, or earlier by what this call repeats.
    case decided(DecisionMade)
    /// Nothing was done for this item.
    case failed(ItemFailure)
}

/// A decision or acknowledgement that stands.
package struct DecisionMade: Equatable, Sendable {
    /// When it was made, by the database's clock.
    package let decidedOn: Timestamp
    /// The decisions of one charge are numbered from 1; an acknowledgement has no number.
    package let revision: Int?

    package init(decidedOn: Timestamp, revision: Int?) {
        self.decidedOn = decidedOn
        self.revision = revision
    }
}
