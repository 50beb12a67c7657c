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
