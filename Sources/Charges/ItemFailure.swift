/// Why one item of a call failed, in the order in which the reasons are looked at: the first that holds is
/// the item's `error_code`. docs/api.md has the table.
package enum ItemFailureCode: String, Sendable, CaseIterable {
    case duplicateInRequest = "DUPLICATE_IN_REQUEST"
    case invalidReferenceNumber = "INVALID_REFERENCE_NUMBER"
    case decisionSuperseded = "DECISION_SUPERSEDED"
    case chargeNotFound = "CHARGE_NOT_FOUND"
    case customerMismatch = "CUSTOMER_MISMATCH"
    case chargeAlreadyProcessed = "CHARGE_ALREADY_PROCESSED"
    case chargeInProcess = "CHARGE_IN_PROCESS"
    case chargeNotProcessed = "CHARGE_NOT_PROCESSED"
    case chargeAlreadyAcknowledged = "CHARGE_ALREADY_ACKNOWLEDGED"
    case chargeAlreadyAccepted = "CHARGE_ALREADY_ACCEPTED"
    case chargeAcceptedUnderOtherReference = "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE"
    case chargeAlreadyDeclined = "CHARGE_ALREADY_DECLINED"
    case chargeDeclinedUnderOtherReference = "CHARGE_DECLINED_UNDER_OTHER_REFERENCE"
    case referenceNumberInUse = "REFERENCE_NUMBER_IN_USE"
    case chargeLocked = "CHARGE_LOCKED"
}

/// One item's failure: its code, and what the sentence for a person names.
package struct ItemFailure: Equatable, Sendable {
    package let code: ItemFailureCode
    /// The status, decision, reference number or charge that stands in the way, all of them the caller's own.
    package let standing: Standing

    /// What stands in the way of an item.
    package struct Standing: Equatable, Sendable {
        /// The charge's status, for a processed one.
        package var status: String?
        /// The reference number of the standing decision, if it has one.
        package var referenceNumber: String?
        /// The charge that the item's reference number names already.
        package var otherNumber: String?

        package init(status: String? = nil, referenceNumber: String? = nil, otherNumber: String? = nil) {
            self.status = status
            self.referenceNumber = referenceNumber
            self.otherNumber = otherNumber
        }
    }

    package init(_ code: ItemFailureCode, standing: Standing = Standing()) {
        self.code = code
        self.standing = standing
    }
}

extension ItemFailure {
    /// One sentence for a person: what holds, and what to do about it where something can be done.
    package var description: String {
        switch code {
        case .duplicateInRequest:
            "The charge stands more than once in this call; name it once."
        case .invalidReferenceNumber:
            "The reference number must have 1 to 64 characters, not all of them white space, "
                + "and no control characters."
        case .decisionSuperseded:
            "The decision that this call repeats was made, and has been replaced since by a later one, "
                + "\(standingReference)."
        case .chargeNotFound:
            "There is no charge with this number."
        case .customerMismatch:
            "The charge belongs to another customer."
        case .chargeAlreadyProcessed:
            "The charge has been processed by the provider"
                + (standing.status.map { ": it is \($0)." } ?? ".")
        case .chargeInProcess:
            "The provider is processing the charge; its decision can no longer be changed."
        case .chargeNotProcessed:
            "The charge is still pending; it can be acknowledged once the provider has processed it."
        case .chargeAlreadyAcknowledged:
            "The charge has been acknowledged already"
                + (standing.status.map { " as \($0)." } ?? ".")
        case .chargeAlreadyAccepted:
            "The charge is accepted already, \(standingReference)."
        case .chargeAcceptedUnderOtherReference:
            "The charge is accepted already, \(standingOtherReference)."
        case .chargeAlreadyDeclined:
            "The charge is declined already, \(standingReference)."
        case .chargeDeclinedUnderOtherReference:
            "The charge is declined already, \(standingOtherReference)."
        case .referenceNumberInUse:
            "The reference number names another charge"
                + (standing.otherNumber.map { ", \($0)." } ?? ".")
        case .chargeLocked:
            "The charge or its reference number is being changed by another call; "
                + "nothing was done, try again."
        }
    }

    private var standingReference: String {
        standing.referenceNumber.map { "under reference number \($0)" } ?? "without a reference number"
    }

    private var standingOtherReference: String {
        standingReference
            + (standing.referenceNumber == nil
                ? ", and this call gives one" : ", which is not the one in this call")
    }
}
