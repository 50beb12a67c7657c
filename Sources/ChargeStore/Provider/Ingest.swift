import Charges
import LibPQ

/// Charges to bring in, and the clock by which the deadline is told to the server.
struct IngestInput: Sendable {
    let charges: [ProvidedCharge]
    let lockWaitMilliseconds: Int
    /// Nothing is applied after it.
    let deadline: Timestamp
}

extension Statement where Input == IngestInput, Row == Result<IngestedCharge, ProviderFailure> {
    /// Calls `countersign.ingest` (sql/migrations): one row for each charge, in order. What no text of the database
    /// can be goes as NULL.
    static let ingest = Statement(
        "ingest",
        """
        SELECT outcome, number, conflicting_fields
        FROM countersign.ingest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        parameters: [.int4, .timestamptz] + Array(repeating: .textArray, count: 9),
        bind: { input, parameters throws(PostgresError) in
            let charges = input.charges
            let problems = charges.map(\.problem)
            /// A value of the charges that have nothing wrong.
            func values(_ value: (ProvidedCharge) -> String?) -> [String?] {
                zip(charges, problems).map { charge, problem in problem == nil ? value(charge) : nil }
            }
            try parameters.append(Int32(input.lockWaitMilliseconds))
            try parameters.append(timestamp: input.deadline.microsecondsSince2000)
            try parameters.append(charges.map(\.operatorCode.storable))
            try parameters.append(charges.map(\.providerChargeIdentifier.storable))
            try parameters.append(values(\.billingSystemCustomerIdentifier.string))
            try parameters.append(values(\.amount))
            try parameters.append(values(\.currency))
            try parameters.append(values(\.localCurrencyAmount))
            // Told even where the date is wrong, since it is looked at before the date.
            try parameters.append(
                charges.map { CurrencyCode.isValid($0.localCurrency) ? $0.localCurrency : nil })
            try parameters.append(values { Timestamp($0.paidThroughDate)?.text })
            try parameters.append(problems.map { $0?.rawValue })
        },
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let number = try row.next(String?.self).map { ExactText($0) }
            let standing = ProviderFailure.Standing(conflictingFields: try row.next(String?.self))
            if outcome == "CREATED" || outcome == "KNOWN", let number {
                return .success(IngestedCharge(number: number, wasCreated: outcome == "CREATED"))
            }
            guard let code = ProviderFailureCode(rawValue: outcome) else {
                throw .decoding("the ingest function gave an unknown outcome")
            }
            return .failure(ProviderFailure(code, standing: standing))
        })
}

extension ExactText {
    /// The text, or `nil` if no text of the database can be it.
    var storable: String? { containsNul ? nil : string }
}
