import Charges
import LibPQ

/// The input of an ingest: the provider's charges, each with the number that was drawn for it, and the deadline by the
/// server's clock.
struct IngestInput: Sendable {
    let charges: [ProvidedCharge]
    /// One for each charge; `nil` where none was drawn.
    let numbers: [String?]
    let lockWaitMilliseconds: Int32
    /// The moment after which nothing is applied.
    let deadline: Timestamp
}

/// The input of drawing numbers for an ingest.
struct NumberDrawInput: Sendable {
    let charges: [ProvidedCharge]
    let lockWaitMilliseconds: Int32
}

extension StoreConnection {
    /// Ingests charges in two transactions: a short one draws their numbers, so that nobody waits for an operator's
    /// counter until the charges are committed, and the second one creates them. Gaps in the numbers do no harm.
    ///
    /// - Parameter lockWait: The time that each transaction waits for locks that others hold.
    func ingest(
        _ charges: [ProvidedCharge], lockWait: Duration, until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Result<IngestedCharge, ProviderFailure>] {
        let lockWaitMilliseconds = Int32(clamping: max(1, lockWait.milliseconds))
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
        """
        SELECT number
        FROM unnest(countersign.draw_ingest_numbers(
            \(\.lockWaitMilliseconds), \(\.charges.operatorCodes), \(\.charges.providerChargeIdentifiers),
            \(\.charges.problems))) AS number
        """)
}

extension Statement where Input == IngestInput, Row == Result<IngestedCharge, ProviderFailure> {
    /// Calls `countersign.ingest` (sql/migrations). It returns one row for each charge, in order.
    static let ingest = Statement(
        "ingest",
        """
        SELECT outcome, number, conflicting_fields
        FROM countersign.ingest(
            \(\.lockWaitMilliseconds), \(\.deadline), \(\.charges.operatorCodes),
            \(\.charges.providerChargeIdentifiers), \(\.charges.customers), \(\.charges.amounts),
            \(\.charges.currencies), \(\.charges.localCurrencyAmounts), \(\.charges.localCurrencies),
            \(\.charges.paidThroughDates), \(\.charges.problems), \(\.numbers))
        """,
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let number = try row.next(ExactText?.self)
            let conflict = ProviderFailure.Conflict(fields: try row.next())
            if outcome == "CREATED" || outcome == "KNOWN", let number {
                return .success(IngestedCharge(number: number, wasCreated: outcome == "CREATED"))
            }
            guard let code = ProviderFailureCode(rawValue: outcome) else {
                throw .decoding("the ingest function gave an unknown outcome")
            }
            return .failure(ProviderFailure(code, conflict: conflict))
        })
}

/// The columns of charges, one array each, in order. What PostgreSQL cannot store is NULL, and so are the terms of a
/// charge with an error.
extension [ProvidedCharge] {
    fileprivate var operatorCodes: [ExactText?] { map(\.operatorCode.storable) }
    fileprivate var providerChargeIdentifiers: [ExactText?] { map(\.providerChargeIdentifier.storable) }
    fileprivate var customers: [ExactText?] { terms(\.billingSystemCustomerIdentifier) }
    fileprivate var amounts: [Money?] { terms(\.amount) }
    fileprivate var currencies: [String?] { terms(\.currency) }
    fileprivate var localCurrencyAmounts: [Money?] { terms(\.localCurrencyAmount) }
    /// The currencies, also where the terms are wrong: the date is checked after them.
    fileprivate var localCurrencies: [String?] {
        map { CurrencyCode.isValid($0.localCurrency) ? $0.localCurrency : nil }
    }
    fileprivate var paidThroughDates: [String?] { terms(\.paidThroughDate.text) }
    /// The codes of what is wrong with the charges themselves; NULL where nothing is.
    fileprivate var problems: [ProviderFailureCode?] {
        map { if case .failure(let code) = $0.terms { code } else { nil } }
    }

    private func terms<Value>(_ value: (ChargeTerms) -> Value) -> [Value?] {
        map { (try? $0.terms.get()).map(value) }
    }
}

extension ExactText {
    /// The text; `nil` if PostgreSQL cannot store it.
    var storable: ExactText? { containsNul ? nil : self }
}
