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

/// The failure of one item of a provider's call: its code, and what the sentence for a person names.
package struct ProviderFailure: Error, Equatable, Sendable {
    package let code: ProviderFailureCode
    package let standing: Standing

    /// What stands in the way of an item.
    package struct Standing: Equatable, Sendable {
        /// The fields whose content is another one.
        package var conflictingFields: String?
        /// The charge's status and its standing decision.
        package var status: String?
        package var decision: String?
        package var revision: Int?

        package init(
            conflictingFields: String? = nil, status: String? = nil, decision: String? = nil,
            revision: Int? = nil
        ) {
            self.conflictingFields = conflictingFields
            self.status = status
            self.decision = decision
            self.revision = revision
        }
    }

    package init(_ code: ProviderFailureCode, standing: Standing = Standing()) {
        self.code = code
        self.standing = standing
    }

    /// One sentence for a person.
    package var description: String {
        switch code {
        case .duplicateInRequest: "The charge stands more than once in this call; name it once."
        case .operatorNotFound: "There is no operator with this code."
        case .invalidCustomer:
            "billing_system_customer_identifier must have 1 to \(DecisionItem.maximumScalars) characters and no "
                + "control characters."
        case .invalidAmount:
            "amount and local_currency_amount must be numbers such as 9.90, with at most 15 digits before the "
                + "point and 4 after it."
        case .invalidCurrency:
            "A currency is three capital letters, and local_currency is the operator's own."
        case .invalidDate:
            "paid_through_date must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, without a zone."
        case .chargeConflict:
            "The charge is there already, with another \(standing.conflictingFields ?? "content")."
        case .chargeNotFound: "The operator has no charge with this number."
        case .invalidOutcome: "An outcome is APPROVED, DECLINED, BAD_REQUEST or REJECTED."
        case .chargeAlreadyProcessed:
            "The charge has been processed already" + (standing.status.map { ": it is \($0)." } ?? ".")
        case .decisionRequired: "The operator has not decided about the charge."
        case .decisionConflict:
            "The operator's decision is another one"
                + (standing.decision.map { ": \($0), revision \(standing.revision ?? 0)." } ?? ".")
        case .chargeLocked: "The charge is being changed by another call; nothing was done, try again."
        }
    }
}
