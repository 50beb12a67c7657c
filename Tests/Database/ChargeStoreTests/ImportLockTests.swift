import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests that an import and the calls of others do not hold each other up, and that neither spoils the other's numbers.
@Suite struct ImportLockTests {
    private let database = TestDatabase.current!

    /// Imports charges of ACME, given by number and provider's id. It returns how many came in, or why none did.
    private func importing(_ charges: [(String?, String?)], skipsKnown: Bool = false) async throws -> String {
        try await onThread { [connection = database.administrationConnectionString] in
            let session = try AdministrationSession(database: connection)
            defer { session.close() }
            do {
                let count = try ChargeImport(on: session, skipsKnown: skipsKnown).run { take in
                    for (index, (number, identifier)) in charges.enumerated() {
                        let columns: [ImportColumn: String?] = [
                            .operatorCode: "ACME", .number: number, .providerChargeIdentifier: identifier,
                            .customer: "c1", .amount: "9.90", .currency: "USD", .localCurrencyAmount: "9.10",
                            .localCurrency: "EUR", .paidThroughDate: "2026-12-01",
                            .decision: number == "N4" ? "ACCEPTED" : nil,
                            .decidedOn: number == "N4" ? "2026-10-02" : nil,
                            .referenceNumber: number == "N4" ? "R4" : nil,
                        ]
                        try take(ImportedCharge(line: index + 1) { columns[$0] ?? nil })
                    }
                }
                return "\(count)"
            } catch {
                return "\(error)"
            }
        }
    }

    /// A charge that has the number and the id of the import's last one.
    private static let lastCharge = """
        INSERT INTO countersign.charge (
            operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
            local_currency_amount, local_currency, paid_through_date)
        VALUES (1, 'N5', 'n5', 'c1', 9.90, 'USD', 9.10, 'EUR', '2026-12-01')
        """

    /// A decision on another charge that has the reference number of one of the import's.
    private static let lastReference = """
        INSERT INTO countersign.charge_history (
            operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
        VALUES (1, 'Q1', 1, 'ACCEPTED', 'operator', now(), 'R4', true, gen_random_uuid())
        """

    /// Holds up an import of five charges at the last one, and runs a body meanwhile.
    ///
    /// - Parameters:
    ///   - holding: What the transaction does that holds the import up.
    ///   - ending: How that transaction ends.
    ///   - body: Runs while the import waits in its last statement, with every lock that it ever has.
    /// - Returns: What the import returned.
    private func duringImport(
        holding: String = Self.lastCharge, ending: String, skipsKnown: Bool = false,
        _ body: () async throws -> Void
    ) async throws -> String {
        let holder = TestSession(database.ownerParameters)
        try await holder.execute("BEGIN; \(holding)")
        async let imported = importing(
            [(nil, "p1")] + (2...5).map { ("N\($0)", "n\($0)") }, skipsKnown: skipsKnown)
        try await database.session.wait(
            until: """
                EXISTS (
                    SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND usename = 'countersign_admin'
                        AND wait_event_type = 'Lock')
                """)
        // The import ends also where the body failed.
        let failure: (any Error)?
        do {
            try await body()
            failure = nil
        } catch {
            failure = error
        }
        try await holder.execute(ending)
        let outcome = try await imported
        await holder.close()
        if let failure { throw failure }
        return outcome
    }

    @Test("An import keeps neither calls nor a suspension waiting", .database)
    func anImportHoldsNobodyUp() async throws {
        let outcome = try await duringImport(ending: "ROLLBACK") {
            try await database.withStore { (store: Store) async throws in
                let globex = ProvidedCharge.charge("q1", of: "GLOBEX", localCurrency: "CHF")
                // What the import is bringing in at that moment is locked, and that alone.
                #expect(
                    try await store.ingest([.charge("q1"), .charge("n2"), globex])
                        == ["I00000002 new", "CHARGE_LOCKED", "I00000001 new"])
            }
            let session = TestSession(database.administrationParameters)
            try await session.execute(
                "SET lock_timeout = '1s'; UPDATE countersign.operator SET suspended_on = clock_timestamp()")
            await session.close()
        }
        #expect(outcome == "5")
        let numbers = try await database.session.texts(
            "SELECT number FROM countersign.charge WHERE operator_id = 1 AND number ~ '^I' ORDER BY number")
        #expect(numbers == ["I00000001", "I00000002"])
    }

    @Test(
        "A charge that comes in during an import refuses the file by its line, or is passed over", .database,
        arguments: [
            (false, "line 5: charge N5 is there already (--skip-known passes over it)"), (true, "4"),
        ])
    func aChargeComesInMeanwhile(skipsKnown: Bool, expected: String) async throws {
        let outcome = try await duringImport(ending: "COMMIT", skipsKnown: skipsKnown) {}
        #expect(outcome == expected)
        #expect(
            try await database.session.count("SELECT count(*) FROM countersign.charge")
                == (skipsKnown ? 5 : 1))
    }

    @Test("A reference number that is taken during an import refuses the file by its line", .database)
    func aReferenceIsTakenMeanwhile() async throws {
        let outcome = try await duringImport(holding: Self.lastReference, ending: "COMMIT") {}
        #expect(outcome == "line 4: reference number R4 names charge Q1 already")
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge") == 0)
    }

    @Test("No imported number breaks the numbers that are made", .database)
    func importedNumbersBreakNothing() async throws {
        let legal = [
            "I999999999999999999", "I1000000000000000000", "I9223372036854775807", "I9223372036854775808",
            "I" + String(repeating: "9", count: 31), "I99999999", "I000000100000000", "I0", "I00000000", "I",
        ]
        #expect(try await importing(legal.map { ($0, nil) } + [(nil, "p0")]) == "11")
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await store.ingest([.charge("p0"), .charge("p1"), .charge("p2")])
                    == ["I100000000 known", "I100000001 new", "I100000002 new"])
            // The last numbers that raise the counter, and those behind, of which it knows nothing.
            let behind = ["I999999999999999", "I1000000000000000", "I1000000000000001"]
            #expect(try await importing(behind.map { ($0, nil) }) == "3")
            let number = try await store.ingest([.charge("p3")])[0]
            #expect(number > "I1000000000000001" && number < "I1000000000000020", "\(number)")
            #expect(number.hasSuffix(" new"))
        }
    }
}
