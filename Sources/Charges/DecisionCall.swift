/// A whole call of one operator: one action on up to 50 charges, each of which succeeds or fails alone.
package struct DecisionCall: Sendable {
    /// The maximum number of charges in one call.
    package static let maximumItems = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The operator's code, for the log and for messages.
    package var operatorCode: String
    /// The name of the user who decides, or `key:NAME` for a web API key.
    package var username: String
    /// The action on every charge.
    package var action: ChargeAction
    package var items: [DecisionItem]
    /// The call's Idempotency-Key, if it has one.
    package var idempotencyKey: ExactText?
    /// Whether repeating the current decision succeeds and changes nothing. Otherwise it is a failure.
    package var repeatsSucceed: Bool
    /// The time by which the call must be answered. Nothing of the call is applied after it.
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, operatorCode: String, username: String, action: ChargeAction,
        items: [DecisionItem], idempotencyKey: ExactText? = nil, repeatsSucceed: Bool = false,
        deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.operatorCode = operatorCode
        self.username = username
        self.action = action
        self.items = items
        self.idempotencyKey = idempotencyKey
        self.repeatsSucceed = repeatsSucceed
        self.deadline = deadline
    }
}

/// One charge of a call, as the operator named it. The mandatory fields are present; nothing else has been checked.
package struct DecisionItem: Hashable, Sendable {
    package var number: ExactText
    package var billingSystemCustomerIdentifier: ExactText
    package var referenceNumber: ExactText?

    package init(
        number: ExactText, billingSystemCustomerIdentifier: ExactText, referenceNumber: ExactText? = nil
    ) {
        self.number = number
        self.billingSystemCustomerIdentifier = billingSystemCustomerIdentifier
        self.referenceNumber = referenceNumber
    }

    /// The longest number or customer that can exist, in Unicode scalars.
    package static let maximumScalars = 64

    /// Whether the text can be a charge's number or a customer's identifier. A number that cannot is not found, and a
    /// customer that cannot is a mismatch.
    package static func isWellFormed(_ text: ExactText) -> Bool {
        text.hasScalars(upTo: maximumScalars) && !text.containsNul
    }
}

/// The rules that need no database, applied to a call before it goes there.
///
/// They come first in the order of the failures, with two exceptions. A number that cannot exist is not found. A
/// customer that cannot exist is a mismatch, which only the database can tell, since it knows the charge.
package struct DecisionPreflight: Sendable {
    /// The failure of each item that the rules refuse; `nil` for the items that go to the database.
    package let failures: [ItemFailure?]

    package init(_ items: [DecisionItem]) {
        var numbers = Set<ExactText>(minimumCapacity: items.count)
        var repeated: Set<ExactText> = []
        for item in items where !numbers.insert(item.number).inserted { repeated.insert(item.number) }
        failures = items.map { item in
            if !repeated.isEmpty, repeated.contains(item.number) {
                return ItemFailure(.duplicateInRequest)
            }
            if let reference = item.referenceNumber, !ReferenceNumber.isValid(reference) {
                return ItemFailure(.invalidReferenceNumber)
            }
            return DecisionItem.isWellFormed(item.number) ? nil : ItemFailure(.chargeNotFound)
        }
    }
}

/// The outcome of one item of a call.
package enum ItemOutcome: Equatable, Sendable {
    /// The decision or acknowledgement is durable: applied now, or earlier by the call that this one repeats.
    case decided(DecisionMade)
    /// Nothing was applied for this item.
    case failed(ItemFailure)
}

/// A decision or acknowledgement that is in force.
package struct DecisionMade: Equatable, Sendable {
    /// The time when it was made, by the database's clock.
    package let decidedOn: Timestamp
    /// The decision's number among those of its charge, from 1; `nil` for an acknowledgement.
    package let revision: Int?

    package init(decidedOn: Timestamp, revision: Int?) {
        self.decidedOn = decidedOn
        self.revision = revision
    }
}

/// The store of decisions.
package protocol DecisionRepository: Sendable {
    /// Decides the items of one call, each alone, and returns when the successful ones are durable.
    ///
    /// - Parameter call: 1 to 50 items, all of one operator.
    /// - Returns: The outcome of each item, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` or `rateLimited` if nothing was applied or will be,
    ///   `outcomeUnknown` if that cannot be found out. The method may return after the call's deadline. A server that
    ///   must answer earlier answers that the outcome is unknown.
    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome]

    /// Finds the outcomes that the items of a call would have, and changes nothing. What another transaction has not
    /// committed does not count, so no item is locked.
    ///
    /// - Parameter call: As `decide` takes it.
    /// - Returns: The outcome of each item, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` or `rateLimited`.
    func dryRun(_ call: DecisionCall) async throws(RequestFailure) -> [DryRunOutcome]
}
