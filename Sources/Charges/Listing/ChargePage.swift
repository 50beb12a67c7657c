/// One page of a list.
package struct ChargePage: Equatable, Sendable {
    package var charges: [ListedCharge]
    /// Where the next page begins; `nil` at the list's end. A page may hold fewer charges than were asked for, and
    /// none at all, before the end: of a filtered list only so many charges are looked at for one page.
    package var next: ChargePlace?

    package init(charges: [ListedCharge], next: ChargePlace?) {
        self.charges = charges
        self.next = next
    }
}

/// A charge as a list shows it: with its standing decision alone.
package struct ListedCharge: Equatable, Sendable {
    package var number: ExactText
    package var billingSystemCustomerIdentifier: ExactText
    package var amount: Money
    package var currency: String
    package var localCurrencyAmount: Money
    package var localCurrency: String
    /// A calendar value as the API writes it, never shifted.
    package var paidThroughDate: Timestamp
    package var status: ChargeStatus
    package var receivedOn: Timestamp
    /// When the charge got the status that it has; `nil` for a pending one.
    package var processedOn: Timestamp?
    package var decision: Decision?
    package var decidedOn: Timestamp?
    package var decisionReferenceNumber: ExactText?
    /// When the operator's policy would decide it; `nil` if it is decided, or the policy is to hold.
    package var decideBy: Timestamp?

    package init(
        number: ExactText, billingSystemCustomerIdentifier: ExactText, amount: Money, currency: String,
        localCurrencyAmount: Money, localCurrency: String, paidThroughDate: Timestamp, status: ChargeStatus,
        receivedOn: Timestamp, processedOn: Timestamp?, decision: Decision?, decidedOn: Timestamp?,
        decisionReferenceNumber: ExactText?, decideBy: Timestamp?
    ) {
        self.number = number
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.paidThroughDate = paidThroughDate
        self.status = status
        self.receivedOn = receivedOn
        self.processedOn = processedOn
        self.decision = decision
        self.decidedOn = decidedOn
        self.decisionReferenceNumber = decisionReferenceNumber
        self.decideBy = decideBy
    }
}
