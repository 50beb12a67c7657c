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

    /// The field's value of a charge.
    func value(of charge: ListedCharge) -> ChargeValue {
        func processedOn(_ status: ChargeStatus) -> ChargeValue {
            .time(charge.status == status ? charge.processedOn : nil)
        }
        return switch self {
        case .number: .text(charge.number.string)
        case .billingSystemCustomerIdentifier: .text(charge.terms.billingSystemCustomerIdentifier.string)
        case .amount: .number(charge.terms.amount.digits)
        case .currency: .text(charge.terms.currency)
        case .localCurrencyAmount: .number(charge.terms.localCurrencyAmount.digits)
        case .localCurrency: .text(charge.terms.localCurrency)
        case .paidThroughDate: .time(charge.terms.paidThroughDate)
        case .chargeStatus: .text(charge.status.rawValue)
        case .receivedOn: .time(charge.receivedOn)
        case .setAsApprovedOn: processedOn(.approved)
        case .setAsDeclinedOn: processedOn(.declined)
        case .setAsBadRequestOn: processedOn(.badRequest)
        case .setAsRejectedRequestOn: processedOn(.rejected)
        case .decision: .text(charge.decision?.rawValue)
        case .decidedOn: .time(charge.decidedOn)
        case .decisionReferenceNumber: .text(charge.decisionReferenceNumber?.string)
        case .decideBy: .time(charge.decideBy)
        }
    }

    /// Writes the name and the value as a member of an object.
    func write(_ charge: ListedCharge, to writer: inout JSONWriter) {
        writer.name(self.name)
        writer.value(value(of: charge))
    }
}

/// The value of a charge's field, as JSON and CSV write it.
package enum ChargeValue: Sendable {
    /// A number, in digits.
    case number(String)
    /// A text; `nil` where the field is unset.
    case text(String?)
    /// A time; `nil` where the field is unset.
    case time(Timestamp?)

    /// The value as a text; `nil` where the field is unset.
    package var text: String? {
        switch self {
        case .number(let digits): digits
        case .text(let text): text
        case .time(let time): time?.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ value: ChargeValue) {
        switch value {
        case .number(let digits): number(digits)
        case .text(let text): string(text)
        case .time(let time?): time.withText { string(utf8: $0) }
        case .time(nil): null()
        }
    }
}

/// A column of a charge without its history: a field of the list, or one that operators' lists do not have.
package struct ChargeColumn: Sendable {
    /// The column's name, also in JSON.
    package let name: StaticString
    /// Takes the column's value of a charge.
    package let value: @Sendable (ChargeRecord) -> ChargeValue

    private init(_ name: StaticString, _ value: @escaping @Sendable (ChargeRecord) -> ChargeValue) {
        self.name = name
        self.value = value
    }

    /// The columns that operators see.
    static let operatorSide = fields + [acknowledgedOn]
    /// All columns: also the provider's name for the charge, and when the provider took it.
    package static let all =
        fields + [
            ChargeColumn("provider_charge_id") { .text($0.providerChargeIdentifier?.string) },
            ChargeColumn("taken_on") { .time($0.takenOn) }, acknowledgedOn,
        ]

    private static let fields = ChargeField.allCases.filter { $0 != .decideBy }.map { field in
        ChargeColumn(field.name) { field.value(of: $0.listed) }
    }
    private static let acknowledgedOn = ChargeColumn("acknowledged_on") { .time($0.acknowledgedOn) }
}

/// A charge as JSON, as `show` and the command line write it.
package enum ChargeJSON {
    /// Writes a charge without its history as an object, with all columns.
    package static func write(_ record: ChargeRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        write(record, ChargeColumn.all, to: &writer)
        writer.endObject()
    }

    /// Writes a charge with its history as an object.
    ///
    /// - Parameter showsProviderSide: Whether to write the columns that operators do not see.
    package static func write(_ charge: Charge, showsProviderSide: Bool = false, to writer: inout JSONWriter)
    {
        writer.beginObject()
        write(charge.record, showsProviderSide ? ChargeColumn.all : ChargeColumn.operatorSide, to: &writer)
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

    private static func write(
        _ record: ChargeRecord, _ columns: [ChargeColumn], to writer: inout JSONWriter
    ) {
        for column in columns {
            writer.name(column.name)
            writer.value(column.value(record))
        }
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
