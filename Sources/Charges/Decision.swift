/// What an operator says of a charge. A charge without one is undecided.
package enum Decision: String, Sendable, CaseIterable {
    case accepted = "ACCEPTED"
    case declined = "DECLINED"
}

/// What one of an operator's calls does with the charges that it names. The texts are the kinds of the history.
package enum ChargeAction: String, Sendable, CaseIterable {
    case accept = "ACCEPTED"
    case decline = "DECLINED"
    /// The operator has seen the final state of a processed charge. It is no decision.
    case acknowledge = "ACKNOWLEDGED"
}

extension ChargeAction {
    /// The decision that it makes, if it makes one.
    package var decision: Decision? {
        switch self {
        case .accept: .accepted
        case .decline: .declined
        case .acknowledge: nil
        }
    }
}

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

/// An operator's word that it has seen a processed charge's final state: once for each charge, and for ever.
package struct Acknowledgement: Equatable, Sendable {
    package var madeOn: Timestamp
    /// A user of the operator, or `key:NAME`.
    package var username: String?
    package var referenceNumber: ExactText?

    package init(madeOn: Timestamp, username: String?, referenceNumber: ExactText?) {
        self.madeOn = madeOn
        self.username = username
        self.referenceNumber = referenceNumber
    }
}
