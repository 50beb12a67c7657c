/// An operator's decision about a charge. A charge without one is undecided.
package enum Decision: String, Sendable, CaseIterable {
    case accepted = "ACCEPTED"
    case declined = "DECLINED"
}

/// The action of an operator's call on its charges. The raw values are the kinds in the history.
package enum ChargeAction: String, Sendable, CaseIterable {
    case accept = "ACCEPTED"
    case decline = "DECLINED"
    /// The operator has received the final state of a processed charge. It is not a decision.
    case acknowledge = "ACKNOWLEDGED"
}

extension ChargeAction {
    /// The decision that the action makes, if any.
    package var decision: Decision? {
        switch self {
        case .accept: .accepted
        case .decline: .declined
        case .acknowledge: nil
        }
    }
}

/// One decision in a charge's history.
package struct RecordedDecision: Equatable, Sendable {
    /// The decision's number among those of its charge, from 1.
    package var revision: Int
    package var decision: Decision
    package var maker: Maker
    package var madeOn: Timestamp
    package var referenceNumber: ExactText?

    /// The maker of a decision.
    package enum Maker: Equatable, Sendable {
        /// A user of the operator, or `key:NAME`; `nil` for an imported decision.
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

/// An operator's confirmation that it has received a processed charge's final state. It is made once and is permanent.
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
