import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the classes of rows and charges: each by hand, and the first of several.
@Suite struct ReconciliationClassTests {
    private var database: TestDatabase { TestDatabase.current }

    private static let header =
        "number,reference_number,billing_system_customer_identifier,amount,currency,local_currency_amount,"
        + "local_currency,charge_status\n"

    @Test("Each class is found, and of several the first", .database)
    func eachClassIsFound() async throws {
        try await database.addAccepted(16)
        try await database.addCharges(1, prefix: "G", operatorIdentifier: 2)
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET decision = 'DECLINED' WHERE number = 'N10';
            UPDATE countersign.charge SET revision = 0, decision = NULL, decided_on = NULL, decision_made_by = NULL,
                decision_reference_number = NULL WHERE number = 'N11';
            UPDATE countersign.charge SET decided_on = '2020-11-01Z' WHERE number = 'N12';
            UPDATE countersign.charge SET decided_on = '2020-10-01Z', imported_on = now() WHERE number = 'N15'
            """)
        let rest = "cN%,9.90,USD,9.10,EUR,PENDING"
        func row(_ number: Int, _ reference: String? = nil, _ cells: String? = nil) -> String {
            "N\(number),\(reference ?? "R\(number)")," + (cells ?? rest).replacing("%", with: "\(number)")
                + "\n"
        }
        let file =
            Self.header + row(1) + row(2, nil, "x,1e3,JPY,9.10,EUR,PENDING") + row(3)
            + row(3, nil, "x,1,JPY,1,EUR,PENDING")
            + ",R4,cN4,9.90,USD,9.10,EUR,PENDING\n" + row(4, "") + "G1,,cG1,9.90,USD,9.10,EUR,PENDING\n"
            + row(5, "r5", "x,1,JPY,9.10,EUR,PENDING") + row(6, "R1")
            + row(7, nil, "CN7,1,JPY,9.10,EUR,PENDING")
            + row(8, nil, "cN8,1,JPY,9.10,EUR,APPROVED") + row(9, nil, "cN9,9.90,USD,9.1001,EUR,APPROVED")
            + row(10, nil, "cN10,9.9,USD,9.10,EUR,APPROVED") + row(11, "")
            + row(12, nil, "cN12,9.9,USD,9.1,EUR,APPROVED")
            + row(13, nil, "cN13,9.9,USD,9.10,EUR,APPROVED") + row(15)
            + "unknown,R16,cN16,9.90,USD,9.10,EUR,PENDING\n"
        try await database.withStore { (store: Store) async throws in
            let found = try await store.reconcile(file)
            #expect(found.reconciliation.state == .done)
            #expect(
                found.summary == [
                    "ONLY_HERE N14", "MALFORMED 3", "DUPLICATE_THERE 4", "DUPLICATE_THERE 5",
                    "DUPLICATE_THERE 6",
                    "DUPLICATE_THERE 7", "ONLY_THERE 8", "REFERENCE_DIFFERS 9", "REFERENCE_DIFFERS 10",
                    "CUSTOMER_DIFFERS 11", "CURRENCY_DIFFERS 12", "AMOUNT_DIFFERS 13", "DECISION_DIFFERS 14",
                    "DECISION_DIFFERS 15", "OTHER_PERIOD 16", "STATUS_DIFFERS 17", "REFERENCE_DIFFERS 19",
                ])
            #expect(found.differences.map(\.identifier) == Array(1...17))
            let byLine = Dictionary(grouping: found.differences) { $0.line ?? 0 }.compactMapValues(\.first)
            #expect(
                byLine[3]?.reason
                    == "amount must be an amount such as 9.90, with at most 4 decimals, not '1e3'")
            #expect(
                byLine[9]?.fields == [
                    "reference_number", "billing_system_customer_identifier", "amount", "currency",
                ])
            #expect(byLine[10]?.otherNumber == "N1")
            #expect(byLine[12]?.fields == ["amount", "currency", "charge_status"])
            #expect(
                byLine[14]?.fields == ["decision", "charge_status"]
                    && byLine[14]?.here?.decision == "DECLINED")
            #expect(byLine[16]?.fields == ["decided_on", "charge_status"])
            #expect(byLine[19]?.fields == ["number"] && byLine[19]?.here?.number == "N16")
            #expect(byLine[8]?.here == nil && byLine[8]?.there?.number == "G1")
            let thereRows = found.totals.filter { $0.side == .there }.reduce(0) { $0 + $1.rows }
            #expect(thereRows == found.reconciliation.rows && thereRows == 18)
            // All but N10, N11 and N12 were accepted in the period.
            #expect(found.totals.filter { $0.side == .here }.reduce(0) { $0 + $1.rows } == 13)
        }
    }

    @Test(
        "Columns that the file lacks are not compared, and a money difference hides under no class", .database
    )
    func lackingColumnsAreNotCompared() async throws {
        try await database.addAccepted(3)
        try await database.withStore { (store: Store) async throws in
            let found = try await store.reconcile("reference_number\tamount\nR1\t9,9\nR2\t10\nx\t1\n")
            #expect(found.summary == ["ONLY_HERE N3", "AMOUNT_DIFFERS 3", "ONLY_THERE 4"])
            let matched = found.totals.first { $0.reconciliationClass == .matched && $0.side == .there }
            #expect(
                matched?.amount == "9.9" && matched?.amountDifference == "0.00"
                    && matched?.localCurrencyAmount == nil)
            let different = found.totals.first {
                $0.reconciliationClass == .amountDiffers && $0.side == .there
            }
            #expect(different?.amountDifference == "0.10" && different?.currency == "USD")
            let unknown = found.totals.first { $0.reconciliationClass == .onlyThere }
            #expect(unknown?.currency == "" && unknown?.amount == "1")
            let moved = try await store.reconcile(
                "number,amount,charge_status\nN1,11.90,APPROVED\nN2,9.90,PENDING\nN3,9.90,PENDING\n",
                .october.with { $0.to = Timestamp("2020-10-02")! })
            #expect(moved.summary == ["AMOUNT_DIFFERS 2", "OTHER_PERIOD 3", "OTHER_PERIOD 4"])
        }
    }

    @Test("The decision is that of the column, or of the parameter", .database)
    func decisions() async throws {
        try await database.addAccepted(4)
        try await database.withoutTriggers(
            "UPDATE countersign.charge SET decision = 'DECLINED' WHERE number IN ('N2', 'N3')")
        try await database.withStore { (store: Store) async throws in
            let all = "number\nN1\nN2\nN3\nN4\n"
            let withColumn = "number,decision\nN1,ACCEPTED\nN2,DECLINED\nN3,ACCEPTED\nN4,DECLINED\n"
            #expect(try await store.reconcile(all).summary == ["DECISION_DIFFERS 3", "DECISION_DIFFERS 4"])
            #expect(
                try await store.reconcile(withColumn).summary == ["DECISION_DIFFERS 4", "DECISION_DIFFERS 5"])
            let any = ReconciliationParameters.october.with { $0.decision = .any }
            #expect(try await store.reconcile(all, any).summary.isEmpty)
            #expect(
                try await store.reconcile("number\nN1\n", any).counts == [
                    "MATCHED THERE 1", "MATCHED HERE 1", "ONLY_HERE HERE 3",
                ])
            let declined = ReconciliationParameters.october.with { $0.decision = .declined }
            #expect(
                try await store.reconcile("number\nN1\nN2\n", declined).summary
                    == ["ONLY_HERE N3", "DECISION_DIFFERS 2"])
        }
    }

    @Test("What changes after the upload does not change what is found", .database)
    func theUploadsEndDecides() async throws {
        try await database.addAccepted(2)
        try await database.withStore { (store: Store) async throws in
            let uploaded = try await store.upload(
                "number,reference_number,charge_status\nN1,R1,PENDING\nN2,Later,PENDING\n")
            try await database.withoutTriggers(
                """
                UPDATE countersign.charge SET decision = 'DECLINED', revision = 2, decided_on = clock_timestamp(),
                    decision_reference_number = 'Later', charge_status = 'DECLINED',
                    set_as_declined_on = clock_timestamp() WHERE number = 'N2';
                INSERT INTO countersign.charge_history (
                    operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
                VALUES (1, 'N2', 2, 'DECLINED', 'operator', clock_timestamp(), 'Later', true, gen_random_uuid())
                """)
            await store.reconciliationComparer.run()
            let found = try await store.readReconciliation(uploaded.number)
            #expect(found.summary == ["REFERENCE_DIFFERS 3"])
            #expect(found.differences.first?.fields == ["reference_number"])
            #expect(found.differences.first?.here?.decision == "ACCEPTED")
            #expect(found.differences.first?.here?.referenceNumber == "R2")
        }
    }

    @Test("The period is of the operator's zone", .database)
    func zones() async throws {
        try await database.addAccepted(2)
        try await database.withoutTriggers(
            """
            UPDATE countersign.operator SET zone = 'Europe/Athens' WHERE code = 'ACME';
            UPDATE countersign.charge SET decided_on = '2020-09-30 21:00:00Z' WHERE number = 'N1';
            UPDATE countersign.charge SET decided_on = '2020-10-31 22:00:00Z' WHERE number = 'N2'
            """)
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.reconcile("number\nN1\nN2\n").summary == ["OTHER_PERIOD 3"])
        }
    }

    @Test("Slices of any size find the same", .database, arguments: [1, 2, 3])
    func slicesOfAnySize(_ size: Int) async throws {
        try await database.addAccepted(6)
        try await database.withStore { (store: Store) async throws in
            let uploaded = try await store.upload(
                "number,reference_number,amount\nN1,,9.9\n,R1,9.9\nN2,,x\n,R3,9.9\n,R9,9.9\nX,,1\n,,1\nN5,,1\nX,R6,9.9\n"
            )
            try await database.session.execute(
                """
                UPDATE countersign.reconciliation SET state = 'COMPARING';
                DO $$ BEGIN
                    WHILE countersign.compare_reconciliation_slice(
                        1, \(uploaded.number), (SELECT worker FROM countersign.reconciliation), \(size), 7) LOOP END LOOP;
                END $$
                """)
            let found = try await store.readReconciliation(uploaded.number)
            #expect(found.reconciliation.state == .done && found.reconciliation.comparedRows == 9)
            #expect(found.reconciliation.differences == 9 && found.reconciliation.isTruncated)
            #expect(found.differences.map(\.identifier) == Array(1...7))
            #expect(
                found.counts == [
                    "MALFORMED THERE 1", "MALFORMED THERE 1", "MALFORMED HERE 1", "DUPLICATE_THERE THERE 2",
                    "DUPLICATE_THERE HERE 1", "ONLY_THERE THERE 2", "REFERENCE_DIFFERS THERE 1",
                    "REFERENCE_DIFFERS HERE 1", "AMOUNT_DIFFERS THERE 1", "AMOUNT_DIFFERS HERE 1",
                    "MATCHED THERE 1",
                    "MATCHED HERE 1", "ONLY_HERE HERE 1",
                ])
        }
    }
}
