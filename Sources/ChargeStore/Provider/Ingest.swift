import Charges
import LibPQ

/// The input of an ingest: the provider's charges, and the deadline by the server's clock.
struct IngestInput: Sendable {
    let charges: [ProvidedCharge]
    let lockWaitMilliseconds: Int
    /// The moment after which nothing is applied.
    let deadline: Timestamp
}

extension Statement where Input == IngestInput, Row == Result<IngestedCharge, ProviderFailure> {
    /// Calls `countersign.ingest` (sql/migrations). It returns one row for each charge, in order. A string that
    /// PostgreSQL cannot store is passed as NULL.
    static let ingest = Statement(
        "ingest",
        """
        SELECT outcome, number, conflicting_fields
        FROM countersign.ingest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        parameters: [.int4, .timestamptz] + Array(repeating: .textArray, count: 9),
        bind: { input, parameters throws(PostgresError) in
            let charges = input.charges
            /// A term of each charge that has no error yet; `nil` for the others.
            func values(_ value: (ChargeTerms) -> String) -> [String?] {
                charges.map { charge in (try? charge.terms.get()).map(value) }
            }
            try parameters.append(Int32(input.lockWaitMilliseconds))
            try parameters.append(timestamp: input.deadline.microsecondsSince2000)
            try parameters.append(charges.map(\.operatorCode.storable))
            try parameters.append(charges.map(\.providerChargeIdentifier.storable))
            try parameters.append(values(\.billingSystemCustomerIdentifier.string))
            try parameters.append(values(\.amount.digits))
            try parameters.append(values(\.currency))
            try parameters.append(values(\.localCurrencyAmount.digits))
            // The value is passed even where the date is invalid, since it is checked before the date.
            try parameters.append(
                charges.map { CurrencyCode.isValid($0.localCurrency) ? $0.localCurrency : nil })
            try parameters.append(values(\.paidThroughDate.text))
            try parameters.append(
                charges.map { if case .failure(let code) = $0.terms { code.rawValue } else { nil } })
        },
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let number = try row.next(String?.self).map { ExactText($0) }
            let conflict = ProviderFailure.Conflict(fields: try row.next(String?.self))
            if outcome == "CREATED" || outcome == "KNOWN", let number {
                return .success(IngestedCharge(number: number, wasCreated: outcome == "CREATED"))
            }
            guard let code = ProviderFailureCode(rawValue: outcome) else {
                throw .decoding("the ingest function gave an unknown outcome")
            }
            return .failure(ProviderFailure(code, conflict: conflict))
        })
}

extension ExactText {
    /// The string; `nil` if PostgreSQL cannot store it.
    var storable: String? { containsNul ? nil : string }
}
