/// The reasons why one item of a provider's call fails, in the order in which they are checked. docs/provider-api.md
/// has the tables.
package enum ProviderFailureCode: String, Error, CaseIterable {
    case duplicateInRequest = "DUPLICATE_IN_REQUEST"
    case operatorNotFound = "OPERATOR_NOT_FOUND"
    // Reasons for charges that are sent.
    case invalidCustomer = "INVALID_CUSTOMER"
    case invalidAmount = "INVALID_AMOUNT"
    case invalidCurrency = "INVALID_CURRENCY"
    case invalidDate = "INVALID_DATE"
    case chargeConflict = "CHARGE_CONFLICT"
    // Reasons for charges that exist.
    case chargeNotFound = "CHARGE_NOT_FOUND"
    case invalidOutcome = "INVALID_OUTCOME"
    case chargeAlreadyProcessed = "CHARGE_ALREADY_PROCESSED"
    case decisionRequired = "DECISION_REQUIRED"
    case decisionConflict = "DECISION_CONFLICT"
    case chargeLocked = "CHARGE_LOCKED"
}

/// The failure of one item of a provider's call: its code, and the values that its description names.
package struct ProviderFailure: Error, Equatable, Sendable {
    package let code: ProviderFailureCode
    package let conflict: Conflict

    /// The current state that conflicts with an item.
    package struct Conflict: Equatable, Sendable {
        /// The fields with different content.
        package var fields: String?
        /// The charge's status and its current decision.
        package var status: String?
        package var decision: String?
        package var revision: Int?

        package init(
            fields: String? = nil, status: String? = nil, decision: String? = nil,
            revision: Int? = nil
        ) {
            self.fields = fields
            self.status = status
            self.decision = decision
            self.revision = revision
        }
    }

    package init(_ code: ProviderFailureCode, conflict: Conflict = Conflict()) {
        self.code = code
        self.conflict = conflict
    }

    /// The description for a person.
    package var description: String {
        switch code {
        case .duplicateInRequest: "The charge appears more than once in this request; send it once."
        case .operatorNotFound: "There is no operator with this code."
        case .invalidCustomer:
            "billing_system_customer_identifier must have 1 to \(DecisionItem.maximumScalars) characters and no "
                + "control characters."
        case .invalidAmount:
            "amount and local_currency_amount must be numbers such as 9.90, with at most 15 digits before the "
                + "point and 4 after it."
        case .invalidCurrency:
            "currency and local_currency must be three capital letters, and local_currency the operator's own."
        case .invalidDate:
            "paid_through_date must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, without a zone."
        case .chargeConflict:
            "The charge exists already, and differs in \(conflict.fields ?? "content")."
        case .chargeNotFound: "The operator has no charge with this number."
        case .invalidOutcome: "outcome must be APPROVED, DECLINED, BAD_REQUEST or REJECTED."
        case .chargeAlreadyProcessed:
            "The provider has processed the charge already"
                + (conflict.status.map { ": it is \($0)." } ?? ".")
        case .decisionRequired: "The operator has not decided the charge."
        case .decisionConflict:
            "The operator's decision is different"
                + (conflict.decision.map { ": \($0), revision \(conflict.revision ?? 0)." } ?? ".")
        case .chargeLocked: "Another call is changing the charge. Nothing was applied; try again."
        }
    }
}
