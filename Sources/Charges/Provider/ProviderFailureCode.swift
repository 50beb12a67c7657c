/// Why one item of a provider's call failed, in the order in which the reasons are looked at.
/// docs/provider-api.md has the tables.
package enum ProviderFailureCode: String, Sendable, CaseIterable {
    case duplicateInRequest = "DUPLICATE_IN_REQUEST"
    case operatorNotFound = "OPERATOR_NOT_FOUND"
    // Of charges that come in.
    case invalidCustomer = "INVALID_CUSTOMER"
    case invalidAmount = "INVALID_AMOUNT"
    case invalidCurrency = "INVALID_CURRENCY"
    case invalidDate = "INVALID_DATE"
    case chargeConflict = "CHARGE_CONFLICT"
    // Of charges that are there.
    case chargeNotFound = "CHARGE_NOT_FOUND"
    case invalidOutcome = "INVALID_OUTCOME"
    case chargeAlreadyProcessed = "CHARGE_ALREADY_PROCESSED"
    case decisionRequired = "DECISION_REQUIRED"
    case decisionConflict = "DECISION_CONFLICT"
    case chargeLocked = "CHARGE_LOCKED"
}
