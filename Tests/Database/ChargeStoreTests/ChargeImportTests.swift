import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of imports from files: all of a file or nothing.
@Suite struct ChargeImportTests {
    private let database = TestDatabase.current!

    private static func columns(_ index: Int) -> [ImportColumn: String] {
        [
            .operatorCode: index % 2 == 0 ? "ACME" : "GLOBEX", .number: "N\(index)", .customer: "c\(index)",
            .amount: "9.90", .currency: "USD", .localCurrencyAmount: "9.1000",
            .localCurrency: index % 2 == 0 ? "EUR" : "CHF", .paidThroughDate: "2026-12-01",
        ]
    }

    private static func charge(_ index: Int, line: Int? = nil, _ changes: [ImportColumn: String?] = [:])
        throws
        -> ImportedCharge
    {
        var columns = columns(index)
        for (column, value) in changes { columns[column] = value }
        return try ImportedCharge(line: line ?? index) { [columns] in columns[$0] }
    }

    /// The number of imported charges, or the reason why none was imported.
    private func importing(_ charges: [ImportedCharge], skipsKnown: Bool = false) async throws -> String {
        let connectionString = database.administrationConnectionString
        return try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            do {
                let count = try ChargeImport(on: session, skipsKnown: skipsKnown).run { take in
                    for charge in charges { try take(charge) }
                }
                return "\(count)"
            } catch {
                return "\(error)"
            }
        }
    }

    private func count() async throws -> Int {
        try await database.session.count("SELECT count(*) FROM countersign.charge")
    }

    @Test("An import of 200,000 charges stores them all with their amounts' digits", .database)
    func twoHundredThousand() async throws {
        let connectionString = database.administrationConnectionString
        let imported = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return try ChargeImport(on: session, skipsKnown: false).run { take in
                for index in 1...200_000 { try take(Self.charge(index)) }
            }
        }
        #expect(imported == 200_000)
        #expect(try await count() == 200_000)
        let digits = try await database.session.texts(
            "SELECT DISTINCT amount || ' ' || local_currency_amount FROM countersign.charge")
        #expect(digits == ["9.90 9.1000"])
    }

    @Test("An error in the last line leaves the table unchanged", .database)
    func aBadLastLineLeavesTheTableAsItWas() async throws {
        let good = try (1...1000).map { try Self.charge($0) }
        #expect(try await importing(good) == "1000")
        let more = try (1001...2000).map { try Self.charge($0, line: $0 - 1000) }
        let unknownOperator = try Self.charge(1, line: 1001, [.operatorCode: "NOBODY", .number: "M"])
        #expect(try await importing(more + [unknownOperator]) == "line 1001: there is no operator NOBODY")
        #expect(try await count() == 1000)
    }

    @Test("A duplicate within a file is reported with both of its lines", .database)
    func whatTheFileSaysTwiceIsNamedWithBothLines() async throws {
        let twice = [try Self.charge(2), try Self.charge(4), try Self.charge(2, line: 5)]
        #expect(try await importing(twice) == "line 5: number N2 stands in line 2 already")
        let sameReference: [ImportColumn: String?] = [
            .decision: "ACCEPTED", .decidedOn: "2026-10-01", .referenceNumber: "R",
        ]
        let references = [try Self.charge(2, sameReference), try Self.charge(4, sameReference)]
        #expect(try await importing(references) == "line 4: reference number R stands in line 2 already")
    }

    @Test("A known charge refuses the file, unless known charges are skipped", .database)
    func knownChargesRefuseTheFileUnlessTheyAreSkipped() async throws {
        let charges = try (1...10).map { try Self.charge($0) }
        #expect(try await importing(charges) == "10")
        let refusal = "line 1: charge N1 is there already (--skip-known passes over it)"
        #expect(try await importing(charges) == refusal)
        #expect(try await importing(charges + [try Self.charge(11)], skipsKnown: true) == "1")
        let changed = [try Self.charge(3, [.amount: "9.9"])]
        #expect(
            try await importing(changed, skipsKnown: true)
                == "line 3: charge N3 is there already, with another amount")
    }

    /// A charge with a whole past.
    private static let past: [ImportColumn: String?] = [
        .providerChargeIdentifier: "p2", .receivedOn: "2026-10-01T08:00:00", .decision: "ACCEPTED",
        .decidedOn: "2026-10-02", .referenceNumber: "INV-1", .status: "APPROVED",
        .setAsApprovedOn: "2026-10-03",
        .acknowledged: "true", .acknowledgedOn: "2026-10-04",
    ]

    @Test(
        "A known line that differs in any of its columns refuses the file, and the columns are named",
        .database)
    func knownLinesThatDiffer() async throws {
        #expect(try await importing([try Self.charge(2, Self.past)]) == "1")
        #expect(try await importing([try Self.charge(2, Self.past)], skipsKnown: true) == "0")
        // Columns that the line does not have are not compared.
        #expect(try await importing([try Self.charge(2)], skipsKnown: true) == "0")
        let others: [(changes: [ImportColumn: String?], columns: String)] = [
            ([.number: "N3"], "number"), ([.providerChargeIdentifier: "p3"], "provider_charge_id"),
            ([.customer: "c3"], "billing_system_customer_identifier"), ([.amount: "9.9"], "amount"),
            ([.currency: "EUR"], "currency"), ([.localCurrencyAmount: "9.1"], "local_currency_amount"),
            ([.paidThroughDate: "2026-12-02"], "paid_through_date"),
            ([.receivedOn: "2026-10-01T08:00:01"], "received_on"),
            (
                [
                    .status: "PENDING", .setAsApprovedOn: nil, .acknowledged: "false", .acknowledgedOn: nil,
                ], "charge_status, acknowledged"
            ),
            (
                [.status: "REJECTED", .setAsApprovedOn: nil, .setAsRejectedRequestOn: "2026-10-03"],
                "charge_status"
            ),
            ([.setAsApprovedOn: "2026-10-03T00:00:01"], "set_as_approved_on"),
            (
                [
                    .status: nil, .setAsApprovedOn: nil, .acknowledged: nil, .acknowledgedOn: nil,
                    .decision: "DECLINED",
                ], "decision"
            ),
            ([.decidedOn: "2026-10-02T00:00:01"], "decided_on"),
            ([.referenceNumber: "INV-2"], "reference_number"),
            ([.acknowledgedOn: "2026-10-05"], "acknowledged_on"),
        ]
        for (changes, columns) in others {
            let line = try Self.charge(2, Self.past.merging(changes) { $1 })
            #expect(
                try await importing([line], skipsKnown: true)
                    == "line 2: charge N2 is there already, with another \(columns)")
        }
        #expect(try await count() == 1)
    }

    @Test("A decision that was made here since the import is no difference", .database)
    func decisionsMadeHereAreNoDifference() async throws {
        let decided: [ImportColumn: String?] = [
            .receivedOn: "2026-10-01", .decision: "ACCEPTED", .decidedOn: "2026-10-02",
        ]
        let lines = [try Self.charge(2, decided), try Self.charge(4)]
        #expect(try await importing(lines) == "2")
        try await database.withStore { (store: Store) async throws in
            for (number, customer) in [("N2", "c2"), ("N4", "c4")] {
                let item = DecisionItem(
                    number: ExactText(number), billingSystemCustomerIdentifier: ExactText(customer),
                    referenceNumber: nil)
                _ = try await store.decisions.decide(.call(.decline, [item]))
            }
        }
        let declined = try await database.session.count(
            "SELECT count(*) FROM countersign.charge WHERE decision = 'DECLINED'")
        #expect(declined == 2)
        #expect(try await importing(lines, skipsKnown: true) == "0")
    }

    @Test("An imported pending charge has a whole window before a policy decides it", .database)
    func anImportIsAnArrival() async throws {
        try await database.session.execute(
            """
            UPDATE countersign.operator SET undecided_policy = 'accept', undecided_window = '1 hour';
            UPDATE countersign.operator SET undecided_counts_from = now() - interval '1 day'
            """)
        let old: [ImportColumn: String?] = [.receivedOn: "2026-01-01"]
        #expect(try await importing([try Self.charge(2, old), try Self.charge(4, old)]) == "2")
        #expect(
            try await database.session.texts(
                """
                SELECT DISTINCT (decide_by > now() + interval '59 minutes')::text FROM reporting.charge
                """) == ["true"])
        let connectionString = database.administrationConnectionString
        let overview = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return try session.operatorOverview(code: "ACME")
        }
        #expect(overview.undecidedCount == 2)
        let first = try #require(overview.firstDueOn)
        #expect(first > Timestamp("2026-06-01")!)
        try await database.withStore { (store: Store) async throws in
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 0)
            try await database.session.execute(
                "UPDATE countersign.charge SET imported_on = now() - interval '61 minutes' WHERE number = 'N2'"
            )
            #expect(await store.policies.decide() == 1)
        }
    }

    @Test("Decisions on charges that were processed elsewhere do not enter the feed", .database)
    func whatWasFinalIsNoNews() async throws {
        let pending: [ImportColumn: String?] = [
            .receivedOn: "2026-10-01", .decision: "ACCEPTED", .decidedOn: "2026-10-02",
        ]
        #expect(
            try await importing([try Self.charge(2, Self.past), try Self.charge(4, pending)]) == "2")
        try await database.withStore { (store: Store) async throws in
            let page = try await store.read(.beginning)
            #expect(page.decisions.map(\.number) == ["N4"])
        }
        let acknowledged = try await database.session.texts(
            "SELECT to_char(acknowledged_on AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM countersign.charge WHERE number = 'N2'"
        )
        #expect(acknowledged == ["2026-10-04"])
    }

    @Test("A check finds the faults of all lines, and changes nothing", .database)
    func aCheckChangesNothing() async throws {
        #expect(try await importing([try Self.charge(2, Self.past)]) == "1")
        let lines = [
            try Self.charge(2, line: 2), try Self.charge(1, line: 3),
            try Self.charge(3, line: 4, [.number: "N1"]),
            try Self.charge(6, line: 5, [.localCurrency: "CHF"]),
        ]
        let connectionString = database.administrationConnectionString
        let faults = try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            return try ChargeImport(on: session, skipsKnown: false).check(atMost: 1000) { take in
                for line in lines { try take(line) }
            }
        }
        #expect(faults.map(\.line) == [2, 4, 5])
        #expect(faults.map(\.column) == ["number", "number", "local_currency"])
        #expect(faults.map(\.value) == ["N2", "N1", "CHF"])
        #expect(try await count() == 1)
    }

    @Test("Charges without a number get the next one of their operator", .database)
    func numbersComeFromTheOperatorsOwnCounter() async throws {
        let named: [ImportColumn: String?] = [.number: "I00000041"]
        let unnamed: [ImportColumn: String?] = [.number: nil]
        var charges = [try Self.charge(2, named)]
        charges += try [4, 6].map {
            try Self.charge($0, unnamed.merging([.providerChargeIdentifier: "p\($0)"]) { $1 })
        }
        charges.append(try Self.charge(1, unnamed.merging([.providerChargeIdentifier: "p1"]) { $1 }))
        #expect(try await importing(charges) == "4")
        let again = try Self.charge(8, unnamed.merging([.providerChargeIdentifier: "p8"]) { $1 })
        #expect(try await importing([again]) == "1")
        let numbers = try await database.session.texts(
            "SELECT operator_id || ' ' || number FROM countersign.charge ORDER BY operator_id, number")
        #expect(numbers == ["1 I00000041", "1 I00000042", "1 I00000043", "1 I00000044", "2 I00000001"])
    }

    @Test("A charge is imported with its decision, outcome and acknowledgement", .database)
    func whatAnotherSystemDecidedComesAlong() async throws {
        let decided: [ImportColumn: String?] = [
            .receivedOn: "2026-10-01T08:00:00", .decision: "ACCEPTED", .decidedOn: "2026-10-02",
            .referenceNumber: "INV-1", .status: "APPROVED", .setAsApprovedOn: "2026-10-03",
            .acknowledged: "true",
        ]
        #expect(try await importing([try Self.charge(2, decided)]) == "1")
        let session = try await onThread { [connection = database.administrationConnectionString] in
            let session = try AdministrationSession(database: connection)
            defer { session.close() }
            return try session.charge(number: "N2", operatorCode: "ACME")
        }
        let charge = try #require(session)
        #expect(charge.record.listed.status == .approved)
        #expect(charge.record.listed.receivedOn.text == "2026-10-01T08:00:00")
        #expect(charge.record.listed.processedOn?.text == "2026-10-03T00:00:00")
        #expect(charge.record.acknowledgedOn != nil)
        #expect(
            charge.decisions == [
                RecordedDecision(
                    revision: 1, decision: .accepted, maker: .user(nil), madeOn: Timestamp("2026-10-02")!,
                    referenceNumber: "INV-1")
            ])
        let taken = try Self.charge(
            4, [.decision: "ACCEPTED", .decidedOn: "2026-10-02", .referenceNumber: "INV-1"])
        #expect(try await importing([taken]) == "line 4: reference number INV-1 names charge N2 already")
    }

    @Test("A local currency other than the operator's is refused", .database)
    func theLocalCurrencyIsTheOperators() async throws {
        let wrong = [try Self.charge(2, [.localCurrency: "CHF"])]
        #expect(try await importing(wrong) == "line 2: local_currency is CHF, and operator ACME bills in EUR")
    }
}
