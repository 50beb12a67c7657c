/// The reasons why one item of a call fails, in the order in which they are checked. The first that holds is the item's
/// `error_code`. docs/api.md has the table.
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

/// The failure of one item: its code, and the values that its description names.
package struct ItemFailure: Equatable, Sendable {
    package let code: ItemFailureCode
    /// The status, reference number or charge that conflicts with the item, all of them the operator's own.
    package let conflict: Conflict

    /// The current state that conflicts with an item.
    package struct Conflict: Equatable, Sendable {
        /// The status of a processed charge.
        package var status: String?
        /// The reference number of the current decision, if it has one.
        package var referenceNumber: String?
        /// The number of the charge that the item's reference number names already.
        package var otherNumber: String?

        package init(status: String? = nil, referenceNumber: String? = nil, otherNumber: String? = nil) {
            self.status = status
            self.referenceNumber = referenceNumber
            self.otherNumber = otherNumber
        }
    }

    package init(_ code: ItemFailureCode, conflict: Conflict = Conflict()) {
        self.code = code
        self.conflict = conflict
    }
}

extension ItemFailure {
    /// The description for a person: the condition, and what to do about it where something can be done.
    package var description: String {
        switch code {
        case .duplicateInRequest:
            "number appears more than once in this request; send it once."
        case .invalidReferenceNumber:
            "reference_number must have 1 to 64 characters, not all of them white space, "
                + "and no control characters."
        case .decisionSuperseded:
            "A later decision has replaced the one that this call repeats, \(currentReference)."
        case .chargeNotFound:
            "There is no charge with this number."
        case .customerMismatch:
            "The charge belongs to another customer."
        case .chargeAlreadyProcessed:
            "The provider has processed the charge"
                + (conflict.status.map { ": it is \($0)." } ?? ".")
        case .chargeInProcess:
            "The provider is processing the charge; its decision can no longer be changed."
        case .chargeNotProcessed:
            "The charge is still pending; it can be acknowledged once the provider has processed it."
        case .chargeAlreadyAcknowledged:
            "The charge has been acknowledged already"
                + (conflict.status.map { " as \($0)." } ?? ".")
        case .chargeAlreadyAccepted:
            "The charge is accepted already, \(currentReference)."
        case .chargeAcceptedUnderOtherReference:
            "The charge is accepted already, \(otherCurrentReference)."
        case .chargeAlreadyDeclined:
            "The charge is declined already, \(currentReference)."
        case .chargeDeclinedUnderOtherReference:
            "The charge is declined already, \(otherCurrentReference)."
        case .referenceNumberInUse:
            "The reference number names another charge"
                + (conflict.otherNumber.map { ", \($0)." } ?? ".")
        case .chargeLocked:
            "Another call is changing the charge or its reference number. "
                + "Nothing was applied; try again."
        }
    }

    private var currentReference: String {
        conflict.referenceNumber.map { "under reference number \($0)" } ?? "without a reference number"
    }

    private var otherCurrentReference: String {
        currentReference
            + (conflict.referenceNumber == nil
                ? ", and this call gives one" : ", which is not the one in this call")
    }
}
