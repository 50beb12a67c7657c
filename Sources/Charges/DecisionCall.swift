/// A whole call of one operator: up to 50 charges, treated alike, each succeeding or failing alone.
package struct DecisionCall: Sendable {
    /// How many charges one call may carry.
    package static let maximumItems = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The operator's code, for the log and for messages.
    package var operatorCode: String
    /// Who decides: the user's name, or `key:NAME` for a web API key.
    package var username: String
    /// What is done with each.
    package var action: ChargeAction
    package var items: [DecisionItem]
    /// The call's Idempotency-Key, if it bore one.
    package var idempotencyKey: ExactText?
    /// Whether deciding what stands so decided succeeds and changes nothing; otherwise it is a failure.
    package var repeatsSucceed: Bool
    /// When the caller must have its answer. Nothing of the call is applied after it.
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

/// One charge of a call, as the operator named it. Nothing about it has been checked but that the mandatory
/// fields are there.
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

    /// Whether this can be a charge's number or a customer's identifier at all. A number that cannot is simply not
    /// found, a customer that cannot a mismatch.
    package static func isWellFormed(_ text: ExactText) -> Bool {
        text.hasScalars(upTo: maximumScalars) && !text.containsNul
    }
}

/// The rules that need no database, applied to a call before it is sent there.
///
/// They stand first in the order of the failures but for two: a number that cannot exist is not found, and a
/// customer that cannot exist is a mismatch, which is for the database to say, since only it knows whether
/// the charge is there.
package struct DecisionPreflight: Sendable {
    /// The outcome of each item that is settled already, `nil` for those that the database must judge.
    package let settled: [ItemFailure?]

    package init(_ items: [DecisionItem]) {
        var numbers = Set<ExactText>(minimumCapacity: items.count)
        var repeated: Set<ExactText> = []
        for item in items where !numbers.insert(item.number).inserted { repeated.insert(item.number) }
        settled = items.map { item in
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

/// What became of one item of a call.
package enum ItemOutcome: Equatable, Sendable {
    /// The decision or acknowledgement is durable: made now, or earlier by what this call repeats.
    case decided(DecisionMade)
    /// Nothing was done for this item.
    case failed(ItemFailure)
}

/// A decision or acknowledgement that stands.
package struct DecisionMade: Equatable, Sendable {
    /// When it was made, by the database's clock.
    package let decidedOn: Timestamp
    /// The decisions of one charge are numbered from 1; an acknowledgement has no number.
    package let revision: Int?

    package init(decidedOn: Timestamp, revision: Int?) {
        self.decidedOn = decidedOn
        self.revision = revision
    }
}

/// Where decisions are made durable.
package protocol DecisionRepository: Sendable {
    /// Decides the items of one call, each alone, and returns when what succeeded is durable.
    ///
    /// - Parameter call: 1 to 50 items, all of one operator.
    /// - Returns: The outcome of each item, in the order of the call.
    /// - Throws: `RequestFailure`: `serviceUnavailable` or `rateLimited` when nothing was applied nor will be,
    ///   `outcomeUnknown` when that cannot be found out. The answer may come after the call's deadline; whoever must
    ///   answer by then says of the call that its outcome is not known.
    func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome]
}
