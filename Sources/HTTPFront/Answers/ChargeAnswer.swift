import Charges

/// A charge with its past, as `show` tells it.
enum ChargeAnswer {
    static func json(_ charge: Charge) -> JSONValue {
        let standing = charge.decisions.last
        let listed = ListedCharge(
            number: charge.number,
            billingSystemCustomerIdentifier: charge.billingSystemCustomerIdentifier, amount: charge.amount,
            currency: charge.currency, localCurrencyAmount: charge.localCurrencyAmount,
            localCurrency: charge.localCurrency, paidThroughDate: charge.paidThroughDate,
            status: charge.status, receivedOn: charge.receivedOn, processedOn: charge.processedOn,
            decision: standing?.decision, decidedOn: standing?.madeOn,
            decisionReferenceNumber: standing?.referenceNumber, decideBy: nil)
        let fields = Set(ChargeField.allCases).subtracting([.decideBy])
        guard case .object(var members) = ChargeField.json(listed, fields) else { return .null }
        members.append(.init("acknowledged_on", .optional(charge.acknowledgedOn?.text)))
        members.append(.init("decisions_set", .array(charge.decisions.map(decision))))
        members.append(.init("acknowledgement", charge.acknowledgement.map(acknowledgement) ?? .null))
        members.append(.init("reference_numbers", .array(references(charge).map { .string($0.string) })))
        return .object(members)
    }

    private static func decision(_ decision: RecordedDecision) -> JSONValue {
        var username: String?
        if case .user(let name) = decision.maker { username = name }
        return .object([
            .init("revision", .number(String(decision.revision))),
            .init("decision", .string(decision.decision.rawValue)),
            .init("decided_on", .string(decision.madeOn.text)),
            .init("made_by", .string(decision.maker == .policy ? "policy" : "operator")),
            .init("username", .optional(username)),
            .init("reference_number", .optional(decision.referenceNumber?.string)),
        ])
    }

    private static func acknowledgement(_ acknowledgement: Acknowledgement) -> JSONValue {
        .object([
            .init("acknowledged_on", .string(acknowledgement.madeOn.text)),
            .init("username", .optional(acknowledgement.username)),
            .init("reference_number", .optional(acknowledgement.referenceNumber?.string)),
        ])
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
