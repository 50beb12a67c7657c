import Charges

/// The fields of a charge in a list, in the order in which they are written.
enum ChargeField: String, CaseIterable, Sendable {
    case number
    case billingSystemCustomerIdentifier = "billing_system_customer_identifier"
    case amount
    case currency
    case localCurrencyAmount = "local_currency_amount"
    case localCurrency = "local_currency"
    case paidThroughDate = "paid_through_date"
    case chargeStatus = "charge_status"
    case receivedOn = "received_on"
    case setAsApprovedOn = "set_as_approved_on"
    case setAsDeclinedOn = "set_as_declined_on"
    case setAsBadRequestOn = "set_as_bad_request_on"
    // The API that this one follows spells it so.
    case setAsRejectedRequestOn = "set_as_rejected_request_on"
    case decision
    case decidedOn = "decided_on"
    case decisionReferenceNumber = "decision_reference_number"
    case decideBy = "decide_by"

    /// Those that are written only when they are asked for by name.
    static let optional: Set<ChargeField> = [.decision, .decidedOn, .decisionReferenceNumber, .decideBy]
    /// Those that are written when none is asked for.
    static let usual = Set(allCases).subtracting(optional)

    /// Reads the parameter `fields_set`: names separated by commas.
    ///
    /// - Throws: `invalidParameter`, naming the one that there is not.
    static func set(_ parameter: String?) throws(RequestFailure) -> Set<ChargeField> {
        guard let parameter, !parameter.isEmpty else { return usual }
        var fields: Set<ChargeField> = []
        for name in parameter.split(separator: ",", omittingEmptySubsequences: false) {
            guard let field = allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
                throw RequestFailure(.invalidParameter, "fields_set names \(name), which is no field.")
            }
            fields.insert(field)
        }
        return fields
    }

    /// The charge as a JSON object of some fields.
    static func json(_ charge: ListedCharge, _ fields: Set<ChargeField>) -> JSONValue {
        .object(allCases.filter(fields.contains).map { .init($0.rawValue, $0.value(of: charge)) })
    }

    private func value(of charge: ListedCharge) -> JSONValue {
        func processedOn(_ status: ChargeStatus) -> JSONValue {
            charge.status == status ? .optional(charge.processedOn?.text) : .null
        }
        return switch self {
        case .number: .string(charge.number.string)
        case .billingSystemCustomerIdentifier: .string(charge.billingSystemCustomerIdentifier.string)
        case .amount: .number(charge.amount.digits)
        case .currency: .string(charge.currency)
        case .localCurrencyAmount: .number(charge.localCurrencyAmount.digits)
        case .localCurrency: .string(charge.localCurrency)
        case .paidThroughDate: .string(charge.paidThroughDate.text)
        case .chargeStatus: .string(charge.status.rawValue)
        case .receivedOn: .string(charge.receivedOn.text)
        case .setAsApprovedOn: processedOn(.approved)
        case .setAsDeclinedOn: processedOn(.declined)
        case .setAsBadRequestOn: processedOn(.badRequest)
        case .setAsRejectedRequestOn: processedOn(.rejected)
        case .decision: .optional(charge.decision?.rawValue)
        case .decidedOn: .optional(charge.decidedOn?.text)
        case .decisionReferenceNumber: .optional(charge.decisionReferenceNumber?.string)
        case .decideBy: .optional(charge.decideBy?.text)
        }
    }
}

extension JSONValue {
    /// A text, or `null`.
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
