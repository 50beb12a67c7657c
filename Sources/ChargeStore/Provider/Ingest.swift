import Charges
import LibPQ

/// The input of an ingest: the provider's charges, each with the number that was drawn for it, and the deadline by the
/// server's clock.
struct IngestInput: Sendable {
    let charges: [ProvidedCharge]
    /// One for each charge; `nil` where none was drawn.
    let numbers: [String?]
    let lockWaitMilliseconds: Int
    /// The moment after which nothing is applied.
    let deadline: Timestamp
}

/// The input of drawing numbers for an ingest.
struct NumberDrawInput: Sendable {
    let charges: [ProvidedCharge]
    let lockWaitMilliseconds: Int
}

extension StoreConnection {
    /// Ingests charges in two transactions: a short one draws their numbers, so that nobody waits for an operator's
    /// counter until the charges are committed, and the second one creates them. Gaps in the numbers do no harm.
    ///
    /// - Parameter lockWait: The time that each transaction waits for locks that others hold.
    func ingest(
        _ charges: [ProvidedCharge], lockWait: Duration, until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Result<IngestedCharge, ProviderFailure>] {
        let lockWaitMilliseconds = max(1, lockWait.milliseconds)
        let numbers = try transact(
            .drawIngestNumbers,
            NumberDrawInput(charges: charges, lockWaitMilliseconds: lockWaitMilliseconds), until: deadline)
        // Every call inserts in the same order, so no two wait for each other.
        let order = charges.indices.sorted { Self.precedes(charges[$0], charges[$1]) }
        let input = IngestInput(
            charges: order.map { charges[$0] }, numbers: order.map { numbers[$0] },
            lockWaitMilliseconds: lockWaitMilliseconds, deadline: clock.time(at: deadline))
        let found = try transact(.ingest, input, until: deadline, writesAlways: true)
        return zip(order, found).sorted { $0.0 < $1.0 }.map { $0.1 }
    }

    private static func precedes(_ left: ProvidedCharge, _ right: ProvidedCharge) -> Bool {
        if left.operatorCode != right.operatorCode {
            return left.operatorCode.string.utf8.lexicographicallyPrecedes(right.operatorCode.string.utf8)
        }
        return left.providerChargeIdentifier.string.utf8.lexicographicallyPrecedes(
            right.providerChargeIdentifier.string.utf8)
    }
}

extension Statement where Input == NumberDrawInput, Row == String? {
    /// Calls `countersign.draw_ingest_numbers` (sql/migrations). It returns one row for each charge, in order.
    static let drawIngestNumbers = Statement(
        "draw_ingest_numbers",
        "SELECT number FROM unnest(countersign.draw_ingest_numbers($1, $2, $3, $4)) AS number",
        parameters: [.int4, .textArray, .textArray, .textArray],
        bind: { input, parameters throws(PostgresError) in
            try parameters.append(Int32(input.lockWaitMilliseconds))
            try parameters.append(input.charges.map(\.operatorCode.storable))
            try parameters.append(input.charges.map(\.providerChargeIdentifier.storable))
            try parameters.append(input.charges.map(\.problem))
        },
        decode: { row throws(PostgresError) in try row.next(String?.self) })
}

extension Statement where Input == IngestInput, Row == Result<IngestedCharge, ProviderFailure> {
    /// Calls `countersign.ingest` (sql/migrations). It returns one row for each charge, in order. A string that
    /// PostgreSQL cannot store is passed as NULL.
    static let ingest = Statement(
        "ingest",
        """
        SELECT outcome, number, conflicting_fields
        FROM countersign.ingest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        parameters: [.int4, .timestamptz] + Array(repeating: .textArray, count: 10),
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
            try parameters.append(charges.map(\.problem))
            try parameters.append(input.numbers)
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

extension ProvidedCharge {
    /// The code of what is wrong with the charge itself; `nil` if nothing is.
    fileprivate var problem: String? {
        if case .failure(let code) = terms { code.rawValue } else { nil }
    }
}

extension ExactText {
    /// The string; `nil` if PostgreSQL cannot store it.
    var storable: String? { containsNul ? nil : string }
}
