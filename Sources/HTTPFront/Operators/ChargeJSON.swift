package import StrictJSON
package import Charges

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

    /// The field's name in the API.
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

    /// The fields that are written only if the request names them.
    private static let optional: Set<ChargeField> = [
        .decision, .decidedOn, .decisionReferenceNumber, .decideBy,
    ]
    /// The fields that are written if the request names none.
    static let usual = allCases.filter { !optional.contains($0) }

    /// Reads the parameter `fields_set`: names separated by commas.
    ///
    /// - Returns: The fields in the order in which they are written.
    /// - Throws: `invalidParameter`, naming the unknown field.
    static func set(_ parameter: String?) throws(RequestFailure) -> [ChargeField] {
        guard let parameter, !parameter.isEmpty else { return usual }
        var fields: Set<ChargeField> = []
        for name in parameter.split(separator: ",", omittingEmptySubsequences: false) {
            let field = allCases.first { $0.name.withUTF8Buffer { $0.elementsEqual(name.utf8) } }
            guard let field else {
                throw RequestFailure(.invalidParameter, "fields_set contains \(name), which is not a field.")
            }
            fields.insert(field)
        }
        return allCases.filter(fields.contains)
    }

    /// Writes the name and the value as a member of an object.
    func write(_ charge: ListedCharge, to writer: inout JSONWriter) {
        func processedOn(_ status: ChargeStatus) -> String? {
            charge.status == status ? charge.processedOn?.text : nil
        }
        writer.name(self.name)
        switch self {
        case .number: writer.string(charge.number.string)
        case .billingSystemCustomerIdentifier:
            writer.string(charge.terms.billingSystemCustomerIdentifier.string)
        case .amount: writer.number(charge.terms.amount.digits)
        case .currency: writer.string(charge.terms.currency)
        case .localCurrencyAmount: writer.number(charge.terms.localCurrencyAmount.digits)
        case .localCurrency: writer.string(charge.terms.localCurrency)
        case .paidThroughDate: writer.string(charge.terms.paidThroughDate.text)
        case .chargeStatus: writer.string(charge.status.rawValue)
        case .receivedOn: writer.string(charge.receivedOn.text)
        case .setAsApprovedOn: writer.string(processedOn(.approved))
        case .setAsDeclinedOn: writer.string(processedOn(.declined))
        case .setAsBadRequestOn: writer.string(processedOn(.badRequest))
        case .setAsRejectedRequestOn: writer.string(processedOn(.rejected))
        case .decision: writer.string(charge.decision?.rawValue)
        case .decidedOn: writer.string(charge.decidedOn?.text)
        case .decisionReferenceNumber: writer.string(charge.decisionReferenceNumber?.string)
        case .decideBy: writer.string(charge.decideBy?.text)
        }
    }
}

/// A charge with its history, as `show` and the command line write it.
package enum ChargeJSON {
    private static let fields = ChargeField.allCases.filter { $0 != .decideBy }

    /// Writes the charge as an object.
    ///
    /// - Parameter showsProviderSide: Whether to write what operators do not see: the provider's name for the charge,
    ///   and when the provider took it.
    package static func write(_ charge: Charge, showsProviderSide: Bool = false, to writer: inout JSONWriter)
    {
        writer.beginObject()
        for field in fields { field.write(charge.listed, to: &writer) }
        if showsProviderSide {
            writer.name("provider_charge_id")
            writer.string(charge.providerChargeIdentifier?.string)
            writer.name("taken_on")
            writer.string(charge.takenOn?.text)
        }
        writer.name("acknowledged_on")
        writer.string(charge.acknowledgedOn?.text)
        writer.name("decisions_set")
        writer.beginArray()
        for decision in charge.decisions { write(decision, to: &writer) }
        writer.endArray()
        writer.name("acknowledgement")
        if let made = charge.acknowledgement { write(made, to: &writer) } else { writer.null() }
        writer.name("reference_numbers")
        writer.beginArray()
        for reference in references(charge) { writer.string(reference.string) }
        writer.endArray()
        writer.endObject()
    }

    private static func write(_ decision: RecordedDecision, to writer: inout JSONWriter) {
        var username: String?
        if case .user(let name) = decision.maker { username = name }
        writer.beginObject()
        writer.name("revision")
        writer.number(String(decision.revision))
        writer.name("decision")
        writer.string(decision.decision.rawValue)
        writer.name("decided_on")
        writer.string(decision.madeOn.text)
        writer.name("made_by")
        writer.string(decision.maker == .policy ? "policy" : "operator")
        writer.name("username")
        writer.string(username)
        writer.name("reference_number")
        writer.string(decision.referenceNumber?.string)
        writer.endObject()
    }

    private static func write(_ acknowledgement: Acknowledgement, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("acknowledged_on")
        writer.string(acknowledgement.madeOn.text)
        writer.name("username")
        writer.string(acknowledgement.username)
        writer.name("reference_number")
        writer.string(acknowledgement.referenceNumber?.string)
        writer.endObject()
    }

    /// The reference numbers of the charge, oldest first.
    private static func references(_ charge: Charge) -> [ExactText] {
        var references: [ExactText] = []
        for reference in charge.decisions.map(\.referenceNumber) + [charge.acknowledgement?.referenceNumber] {
            if let reference, !references.contains(reference) { references.append(reference) }
        }
        return references
    }
}
