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
