package import Charges
import LibPQ

extension AdministrationSession {
    /// One charge of an operator with all its decisions, or `nil` if the operator has no such charge.
    package func charge(number: ExactText, operatorCode: String) throws(AdministrationFailure) -> Charge? {
        let operatorIdentifier = try operatorIdentifier(code: operatorCode)
        guard !number.containsNul else { return nil }
        let key = ChargeKey(operatorIdentifier: operatorIdentifier, number: number)
        guard var charge = try run(.charge, key, doing: "looking for the charge").first else { return nil }
        charge.decisions = try run(.chargeDecisions, key, doing: "reading the charge's decisions")
        return charge
    }
}

/// What names a charge.
struct ChargeKey: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let number: ExactText

    @Sendable static func bind(_ key: ChargeKey, _ parameters: inout Parameters) throws(PostgresError) {
        try parameters.append(key.operatorIdentifier.value)
        try parameters.append(key.number.string)
    }
}

extension Statement where Input == ChargeKey, Row == Charge {
    static let charge = Statement(
        "charge",
        """
        SELECT
            number, provider_charge_id, billing_system_customer_identifier,
            amount::text, currency, local_currency_amount::text, local_currency,
            paid_through_date, charge_status, received_on,
            coalesce(
                set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on),
            taken_on, acknowledged_on
        FROM countersign.charge
        WHERE operator_id = $1 AND number = $2
        """,
        parameters: [.int8, .text],
        bind: ChargeKey.bind,
        decode: { row throws(PostgresError) in
            Charge(
                number: ExactText(try row.next(String.self)),
                providerChargeIdentifier: try row.next(String?.self).map { ExactText($0) },
                billingSystemCustomerIdentifier: ExactText(try row.next(String.self)),
                amount: try row.nextMoney(), currency: try row.next(String.self),
                localCurrencyAmount: try row.nextMoney(), localCurrency: try row.next(String.self),
                paidThroughDate: try row.nextTimestamp(), status: try row.nextStatus(),
                receivedOn: try row.nextTimestamp(), processedOn: try row.nextOptionalTimestamp(),
                takenOn: try row.nextOptionalTimestamp(), acknowledgedOn: try row.nextOptionalTimestamp(),
                decisions: [])
        })
}

extension Statement where Input == ChargeKey, Row == RecordedDecision {
    static let chargeDecisions = Statement(
        "charge_decisions",
        """
        SELECT revision, kind, made_by, username, made_on, reference_number
        FROM countersign.charge_history
        WHERE operator_id = $1 AND number = $2
        ORDER BY revision
        """,
        parameters: [.int8, .text],
        bind: ChargeKey.bind,
        decode: { row throws(PostgresError) in
            let revision = Int(try row.next(Int32.self))
            guard let decision = Decision(rawValue: try row.next(String.self)) else {
                throw .decoding("a kind of decision that this build does not know")
            }
            let byPolicy = try row.next(String.self) == "policy"
            let username = try row.next(String?.self)
            return RecordedDecision(
                revision: revision, decision: decision, maker: byPolicy ? .policy : .user(username),
                madeOn: try row.nextTimestamp(),
                referenceNumber: try row.next(String?.self).map { ExactText($0) })
        })
}
