/// What happened to a charge: a decision, an outcome or an acknowledgement. The raw values are the words of a statement's
/// file; their order here is that of its totals.
package enum EventKind: String, Sendable, CaseIterable, Comparable {
    case decisionAccepted = "DECISION_ACCEPTED"
    case decisionDeclined = "DECISION_DECLINED"
    case outcomeApproved = "OUTCOME_APPROVED"
    case outcomeDeclined = "OUTCOME_DECLINED"
    case outcomeBadRequest = "OUTCOME_BAD_REQUEST"
    case outcomeRejected = "OUTCOME_REJECTED"
    case acknowledged = "ACKNOWLEDGED"

    private var place: Int { Self.allCases.firstIndex(of: self)! }

    package static func < (left: EventKind, right: EventKind) -> Bool { left.place < right.place }
}

/// One event of an operator, as a line of a statement's file shows it.
package struct StatementEvent: Sendable {
    /// The event's number among those of its operator, from 1, without gaps.
    package var eventNumber: Int64
    package var kind: EventKind
    /// The charge's number.
    package var number: ExactText
    package var providerChargeIdentifier: ExactText?
    package var customerIdentifier: ExactText
    /// The reference given with the event; that of the decision, for an outcome.
    package var referenceNumber: ExactText?
    package var amount: Money
    package var currency: String
    package var localCurrencyAmount: Money
    package var localCurrency: String
    /// The decision's number among those of its charge. Of an outcome and an acknowledgement it is that of the charge's
    /// last decision; 0 if there was none.
    package var revision: Int
    /// `operator`, `policy` or `provider`.
    package var madeBy: String
    package var madeOn: Timestamp

    package init(
        eventNumber: Int64, kind: EventKind, number: ExactText, providerChargeIdentifier: ExactText?,
        customerIdentifier: ExactText, referenceNumber: ExactText?, amount: Money, currency: String,
        localCurrencyAmount: Money, localCurrency: String, revision: Int, madeBy: String, madeOn: Timestamp
    ) {
        self.eventNumber = eventNumber
        self.kind = kind
        self.number = number
        self.providerChargeIdentifier = providerChargeIdentifier
        self.customerIdentifier = customerIdentifier
        self.referenceNumber = referenceNumber
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.revision = revision
        self.madeBy = madeBy
        self.madeOn = madeOn
    }
}
