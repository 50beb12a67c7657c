/// A stored charge with every decision that was made about it.
package struct Charge: Sendable {
    package var number: ExactText
    package var providerChargeIdentifier: ExactText?
    package var billingSystemCustomerIdentifier: ExactText
    package var amount: Money
    package var currency: String
    package var localCurrencyAmount: Money
    package var localCurrency: String
    /// A calendar value as the API writes it, never shifted.
    package var paidThroughDate: Timestamp
    package var status: ChargeStatus
    package var receivedOn: Timestamp
    /// The time when the charge got its status; `nil` for a pending one.
    package var processedOn: Timestamp?
    package var takenOn: Timestamp?
    package var acknowledgedOn: Timestamp?
    /// The acknowledgement; `nil` as well for a charge that was imported as acknowledged.
    package var acknowledgement: Acknowledgement?
    /// The decisions, oldest first. The last one is the current one.
    package var decisions: [RecordedDecision]

    package init(
        number: ExactText, providerChargeIdentifier: ExactText?, billingSystemCustomerIdentifier: ExactText,
        amount: Money, currency: String, localCurrencyAmount: Money, localCurrency: String,
        paidThroughDate: Timestamp, status: ChargeStatus, receivedOn: Timestamp, processedOn: Timestamp?,
        takenOn: Timestamp?, acknowledgedOn: Timestamp?, acknowledgement: Acknowledgement?,
        decisions: [RecordedDecision]
    ) {
        self.number = number
        self.providerChargeIdentifier = providerChargeIdentifier
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.amount = amount
        self.currency = currency
        self.localCurrencyAmount = localCurrencyAmount
        self.localCurrency = localCurrency
        self.paidThroughDate = paidThroughDate
        self.status = status
        self.receivedOn = receivedOn
        self.processedOn = processedOn
        self.takenOn = takenOn
        self.acknowledgedOn = acknowledgedOn
        self.acknowledgement = acknowledgement
        self.decisions = decisions
    }
}

/// The provider's side of a charge: pending until the provider has processed it, then permanently one of the others.
package enum ChargeStatus: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case approved = "APPROVED"
    case declined = "DECLINED"
    case badRequest = "BAD_REQUEST"
    case rejected = "REJECTED"
}

/// The store of charges, as operators read it.
package protocol ChargeRepository: Sendable {
    /// One page of an operator's unacknowledged charges, oldest first: by the time of receipt, then by number.
    ///
    /// - Throws: `RequestFailure`: `serviceUnavailable` if the database did not answer before the deadline,
    ///   `rateLimited` if the operator is beyond its share of the queue.
    func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage

    /// One charge of an operator with all its decisions, acknowledged or not; `nil` if the operator has no such charge.
    ///
    /// - Throws: As `page`.
    func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge?
}

/// A name by which an operator finds a charge.
package enum ChargeName: Equatable, Sendable {
    case number(ExactText)
    /// Any reference number that the charge ever took.
    case referenceNumber(ExactText)
}
