import Charges

/// A charge with its past, as `show` tells it.
enum ChargeAnswer {
    private static let fields = ChargeField.allCases.filter { $0 != .decideBy }

    /// Writes the charge as an object.
    static func write(_ charge: Charge, to writer: inout JSONWriter) {
        let standing = charge.decisions.last
        let listed = ListedCharge(
            number: charge.number,
            billingSystemCustomerIdentifier: charge.billingSystemCustomerIdentifier, amount: charge.amount,
            currency: charge.currency, localCurrencyAmount: charge.localCurrencyAmount,
            localCurrency: charge.localCurrency, paidThroughDate: charge.paidThroughDate,
            status: charge.status, receivedOn: charge.receivedOn, processedOn: charge.processedOn,
            decision: standing?.decision, decidedOn: standing?.madeOn,
            decisionReferenceNumber: standing?.referenceNumber, decideBy: nil)
        writer.beginObject()
        for field in fields { field.write(listed, to: &writer) }
        writer.name("acknowledged_on")
        writer.text(charge.acknowledgedOn?.text)
        writer.name("decisions_set")
        writer.beginArray()
        for decision in charge.decisions { write(decision, to: &writer) }
        writer.endArray()
        writer.name("acknowledgement")
        if let made = charge.acknowledgement { write(made, to: &writer) } else { writer.null() }
        writer.name("reference_numbers")
        writer.beginArray()
        for reference in references(charge) { writer.text(reference.string) }
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
        writer.text(decision.decision.rawValue)
        writer.name("decided_on")
        writer.text(decision.madeOn.text)
        writer.name("made_by")
        writer.text(decision.maker == .policy ? "policy" : "operator")
        writer.name("username")
        writer.text(username)
        writer.name("reference_number")
        writer.text(decision.referenceNumber?.string)
        writer.endObject()
    }

    private static func write(_ acknowledgement: Acknowledgement, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("acknowledged_on")
        writer.text(acknowledgement.madeOn.text)
        writer.name("username")
        writer.text(acknowledgement.username)
        writer.name("reference_number")
        writer.text(acknowledgement.referenceNumber?.string)
        writer.endObject()
    }

    /// All that name the charge, in the order in which it got them.
    private static func references(_ charge: Charge) -> [ExactText] {
        var references: [ExactText] = []
        for reference in charge.decisions.map(\.referenceNumber) + [charge.acknowledgement?.referenceNumber] {
            if let reference, !references.contains(reference) { references.append(reference) }
        }
        return references
    }
}
