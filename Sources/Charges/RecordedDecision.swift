/// One decision of a charge's history.
package struct RecordedDecision: Equatable, Sendable {
    /// Counted from 1.
    package var revision: Int
    package var decision: Decision
    package var maker: Maker
    package var madeOn: Timestamp
    package var referenceNumber: ExactText?

    /// Who decided.
    package enum Maker: Equatable, Sendable {
        /// A user of the operator, or `key:NAME`; `nil` for a decision brought in from another system.
        case user(String?)
        /// The operator's policy for charges left undecided.
        case policy
    }

    package init(
        revision: Int, decision: Decision, maker: Maker, madeOn: Timestamp, referenceNumber: ExactText?
    ) {
        self.revision = revision
        self.decision = decision
        self.maker = maker
        self.madeOn = madeOn
        self.referenceNumber = referenceNumber
    }
}
