/// A charge as the service keeps it, with every decision that was made about it.
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
    /// When the charge got the status that it has; `nil` for a pending one.
    package var processedOn: Timestamp?
    package var takenOn: Timestamp?
    package var acknowledgedOn: Timestamp?
    /// Who acknowledged it; `nil` as well for a charge that came in acknowledged from another system.
    package var acknowledgement: Acknowledgement?
    /// Oldest first; the last one stands.
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

/// The provider's side of a charge: pending until the provider has processed it, then one of the others for
/// ever.
package enum ChargeStatus: String, Sendable, CaseIterable {
    case pending = "PENDING"
    case approved = "APPROVED"
    case declined = "DECLINED"
    case badRequest = "BAD_REQUEST"
    case rejected = "REJECTED"
}

/// Where an operator's charges are read.
package protocol ChargeRepository: Sendable {
    /// One page of an operator's unacknowledged charges, oldest first: by when they were received, then by
    /// number.
    ///
    /// - Throws: `RequestFailure`: `serviceUnavailable` if the database did not answer before the deadline,
    ///   `rateLimited` if the operator is beyond its share of the queue.
    func page(_ query: ChargeListQuery) async throws(RequestFailure) -> ChargePage

    /// One charge of an operator with all its decisions, acknowledged or not; `nil` if the operator has none of
    /// this name.
    ///
    /// - Throws: As `page`.
    func charge(
        named name: ChargeName, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> Charge?
}

/// What names a charge to its operator.
package enum ChargeName: Equatable, Sendable {
    case number(ExactText)
    /// Any reference number that was ever given to it.
    case referenceNumber(ExactText)
}
