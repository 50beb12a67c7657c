/// A stored charge without its history.
package struct ChargeRecord: Sendable {
    /// The charge as a list shows it. Where many charges are exported, the time when its operator's policy would decide
    /// it is not read.
    package var listed: ListedCharge
    package var providerChargeIdentifier: ExactText?
    /// The time when the charge came in from a file, whatever time of receipt that brought; `nil` if the provider's
    /// bridge sent it.
    package var importedOn: Timestamp?
    package var takenOn: Timestamp?
    package var acknowledgedOn: Timestamp?

    package init(
        listed: ListedCharge, providerChargeIdentifier: ExactText?, importedOn: Timestamp? = nil,
        takenOn: Timestamp?, acknowledgedOn: Timestamp?
    ) {
        self.listed = listed
        self.providerChargeIdentifier = providerChargeIdentifier
        self.importedOn = importedOn
        self.takenOn = takenOn
        self.acknowledgedOn = acknowledgedOn
    }
}

/// A stored charge with every decision that was made about it.
package struct Charge: Sendable {
    package var record: ChargeRecord
    /// The acknowledgement; `nil` as well for a charge that was imported as acknowledged.
    package var acknowledgement: Acknowledgement?
    /// The decisions, oldest first. The last one is the current one.
    package var decisions: [RecordedDecision]
    /// Whether the provider gave the outcome here; `false` also for a charge that was processed elsewhere, before its
    /// import.
    package var wasProcessedHere: Bool

    package init(
        _ record: ChargeRecord, acknowledgement: Acknowledgement? = nil, decisions: [RecordedDecision] = [],
        wasProcessedHere: Bool = false
    ) {
        self.record = record
        self.wasProcessedHere = wasProcessedHere
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

    /// The charges of an operator that have one of the numbers, without their histories, in no order. Numbers that the
    /// operator does not have are left out. All are of one snapshot.
    ///
    /// - Throws: As `page`.
    func records(
        numbered numbers: [ExactText], of operatorIdentifier: OperatorIdentifier,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [ChargeRecord]
}

/// A name by which an operator finds a charge.
package enum ChargeName: Equatable, Sendable {
    case number(ExactText)
    /// Any reference number that the charge ever took.
    case referenceNumber(ExactText)
}
