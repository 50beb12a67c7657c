import Charges

/// The fields of a charge in a list, in the order in which they are written.
enum ChargeField: CaseIterable, Sendable {
    case number
    case billingSystemCustomerIdentifier
    case amount
    case currency
    case localCurrencyAmount
    case localCurrency
    case paidThroughDate
    case chargeStatus
    case receivedOn
    case setAsApprovedOn
    case setAsDeclinedOn
    case setAsBadRequestOn
    case setAsRejectedRequestOn
    case decision
    case decidedOn
    case decisionReferenceNumber
    case decideBy

    /// As the API calls it.
    var name: StaticString {
        switch self {
        case .number: "number"
        case .billingSystemCustomerIdentifier: "billing_system_customer_identifier"
        case .amount: "amount"
        case .currency: "currency"
        case .localCurrencyAmount: "local_currency_amount"
        case .localCurrency: "local_currency"
        case .paidThroughDate: "paid_through_date"
        case .chargeStatus: "charge_status"
        case .receivedOn: "received_on"
        case .setAsApprovedOn: "set_as_approved_on"
        case .setAsDeclinedOn: "set_as_declined_on"
        case .setAsBadRequestOn: "set_as_bad_request_on"
        // The API that this one follows spells it so.
        case .setAsRejectedRequestOn: "set_as_rejected_request_on"
        case .decision: "decision"
        case .decidedOn: "decided_on"
        case .decisionReferenceNumber: "decision_reference_number"
        case .decideBy: "decide_by"
        }
    }

    /// Those that are written only when they are asked for by name.
    private static let optional: Set<ChargeField> = [
        .decision, .decidedOn, .decisionReferenceNumber, .decideBy,
    ]
    /// Those that are written when none is asked for.
    static let usual = allCases.filter { !optional.contains($0) }

    /// Reads the parameter `fields_set`: names separated by commas.
    ///
    /// - Returns: The fields in the order in which they are written.
    /// - Throws: `invalidParameter`, naming the one that there is not.
    static func set(_ parameter: String?) throws(RequestFailure) -> [ChargeField] {
        guard let parameter, !parameter.isEmpty else { return usual }
        var fields: Set<ChargeField> = []
        for name in parameter.split(separator: ",", omittingEmptySubsequences: false) {
            let field = allCases.first { $0.name.withUTF8Buffer { $0.elementsEqual(name.utf8) } }
            guard let field else {
                throw RequestFailure(.invalidParameter, "fields_set names \(name), which is no field.")
            }
            fields.insert(field)
        }
        return allCases.filter(fields.contains)
    }

    /// The name and the value, as a member of an object.
    func write(_ charge: ListedCharge, to writer: inout JSONWriter) {
        func processedOn(_ status: ChargeStatus) -> String? {
            charge.status == status ? charge.processedOn?.text : nil
        }
        writer.name(self.name)
        switch self {
        case .number: writer.text(charge.number.string)
        case .billingSystemCustomerIdentifier: writer.text(charge.billingSystemCustomerIdentifier.string)
        case .amount: writer.number(charge.amount.digits)
        case .currency: writer.text(charge.currency)
        case .localCurrencyAmount: writer.number(charge.localCurrencyAmount.digits)
        case .localCurrency: writer.text(charge.localCurrency)
        case .paidThroughDate: writer.text(charge.paidThroughDate.text)
        case .chargeStatus: writer.text(charge.status.rawValue)
        case .receivedOn: writer.text(charge.receivedOn.text)
        case .setAsApprovedOn: writer.text(processedOn(.approved))
        case .setAsDeclinedOn: writer.text(processedOn(.declined))
        case .setAsBadRequestOn: writer.text(processedOn(.badRequest))
        case .setAsRejectedRequestOn: writer.text(processedOn(.rejected))
        case .decision: writer.text(charge.decision?.rawValue)
        case .decidedOn: writer.text(charge.decidedOn?.text)
        case .decisionReferenceNumber: writer.text(charge.decisionReferenceNumber?.string)
        case .decideBy: writer.text(charge.decideBy?.text)
        }
    }
}
