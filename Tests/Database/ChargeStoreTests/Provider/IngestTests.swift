import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of ingest: each charge comes in once, however often and to whichever node it is sent.
@Suite struct IngestTests {
    private let database = TestDatabase.current!

    @Test("Each operator has its own sequence of charge numbers", .database)
    func numbersAreTheOperatorsOwn() async throws {
        try await database.withStore { (store: Store) async throws in
            let globex = ProvidedCharge.charge("p1", of: "GLOBEX", localCurrency: "CHF")
            #expect(
                try await store.ingest([.charge("p1"), globex, .charge("p2")])
                    == ["I00000001 new", "I00000001 new", "I00000002 new"])
            try await database.session.execute(
                "UPDATE countersign.charge_number_counter SET next_charge_number = 123456789 WHERE operator_id = 1"
            )
            #expect(try await store.ingest([.charge("p3")]) == ["I123456789 new"])
        }
        #expect(
            try await database.session.texts("SELECT amount::text FROM countersign.charge LIMIT 1") == [
                "9.90"
            ])
    }

    @Test("A charge sent again returns the same number", .database)
    func theSameAgainGivesTheSame() async throws {
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.ingest([.charge("p1")]) == ["I00000001 new"])
            #expect(
                try await store.ingest([.charge("p1", paidThroughDate: "2026-12-01T00:00:00"), .charge("p2")])
                    == ["I00000001 known", "I00000002 new"])
            // A charge that came in once is known, whatever the operator's currency is now.
            try await database.session.execute("UPDATE countersign.operator SET currency = 'SEK'")
            #expect(
                try await store.ingest([.charge("p1"), .charge("p3")]) == [
                    "I00000001 known", "INVALID_CURRENCY",
                ])
        }
    }

    @Test("A charge sent again with other content is a conflict that names the fields", .database)
    func anotherContentIsAConflictThatNamesTheFields() async throws {
        try await database.withStore { (store: Store) async throws in
            _ = try await store.ingest([.charge("p1")])
            let other = ProvidedCharge.charge("p1", customer: "c2", amount: "9.9")
            let outcomes = try await store.provider.ingest(
                IngestCall(charges: [other, .charge("p2")], deadline: .now + .patience))
            guard case .failure(let failure) = outcomes[0] else { return #expect(Bool(false)) }
            #expect(failure.code == .chargeConflict)
            #expect(failure.description.contains("billing_system_customer_identifier, amount."))
            #expect(outcomes[1] == .success(IngestedCharge(number: "I00000002", wasCreated: true)))
        }
    }

    @Test("A suspended operator still receives charges", .database)
    func aSuspendedOperatorStillGetsCharges() async throws {
        try await database.session.execute("UPDATE countersign.operator SET suspended_on = now()")
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.ingest([.charge("p1")]) == ["I00000001 new"])
        }
    }

    /// Each item also has every error that is checked after its own code.
    @Test("A charge fails with the first code that applies", .database)
    func theFirstCodeThatHoldsIsTheItems() async throws {
        let charges: [ProvidedCharge] = [
            .charge("twice", of: "NOBODY", customer: "\u{7}"),
            .charge("twice", of: "NOBODY"),
            .charge("p1", of: "NOBODY", customer: "\u{7}", amount: "-1"),
            .charge("p1", of: "\0", customer: "\u{7}"),
            .charge("p1", customer: String(repeating: "x", count: 65), amount: "1e3", currency: "usd"),
            .charge("p2", customer: "a\0b"),
            .charge("p3", amount: "9.12345", currency: "usd", paidThroughDate: "soon"),
            .charge("p4", currency: "usd", paidThroughDate: "soon"),
            .charge("p5", localCurrency: "CHF", paidThroughDate: "soon"),
            .charge("known", localCurrency: "CHF"),
            .charge("p6", paidThroughDate: "2026-12-01T00:00:00Z"),
            .charge("p7", paidThroughDate: "2026-02-30"),
            .charge("p8"),
        ]
        try await database.withStore { (store: Store) async throws in
            _ = try await store.ingest([.charge("known")])
            #expect(
                try await store.ingest(charges) == [
                    "DUPLICATE_IN_REQUEST", "DUPLICATE_IN_REQUEST", "OPERATOR_NOT_FOUND",
                    "OPERATOR_NOT_FOUND",
                    "INVALID_CUSTOMER", "INVALID_CUSTOMER", "INVALID_AMOUNT", "INVALID_CURRENCY",
                    "INVALID_CURRENCY", "INVALID_CURRENCY", "INVALID_DATE", "INVALID_DATE", "I00000002 new",
                ])
        }
    }

    /// The same charges are sent to two nodes at once, some of them in another order.
    @Test("The same charges sent to two nodes at once are stored once", .database)
    func theSameChargesOnTwoNodesAtOnceComeInOnce() async throws {
        let first = try database.makeStore()
        let second = try database.makeStore()
        for round in 0..<40 {
            let charges = (0..<50).map { ProvidedCharge.charge("r\(round)-\($0)") }
            async let one = first.ingest(charges)
            async let other = second.ingest(charges.reversed())
            let (left, right) = try await (one, Array(other.reversed()))
            let numbers = zip(left, right).map { pair in
                (pair.0.split(separator: " "), pair.1.split(separator: " "))
            }
            #expect(numbers.allSatisfy { $0.0[0] == $0.1[0] && $0.0[1] != $0.1[1] })
        }
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge") == 2000)
        #expect(
            try await database.session.count(
                "SELECT next_charge_number FROM countersign.charge_number_counter WHERE operator_id = 1")
                > 2000)
        await first.shutdown(deadline: .now + .patience)
        await second.shutdown(deadline: .now + .patience)
    }

    @Test("A charge comes in while another session holds its operator's row", .database)
    func aLockedOperatorHoldsNobodyUp() async throws {
        let holder = TestSession(database.ownerParameters)
        try await holder.execute(
            "BEGIN; SELECT FROM countersign.operator WHERE code = 'ACME' FOR NO KEY UPDATE")
        try await database.withStore { (store: Store) async throws in
            let globex = ProvidedCharge.charge("p1", of: "GLOBEX", localCurrency: "CHF")
            #expect(
                try await store.ingest([.charge("p1"), globex]) == ["I00000001 new", "I00000001 new"])
        }
        await holder.close()
    }

    /// What each session holds is the worst there is: the operator's row, whose foreign key then waits, and the counter.
    @Test(
        "Charges that another session holds up fail alone, with CHARGE_LOCKED", .database,
        arguments: ["operator", "charge_number_counter"])
    func neighboursOfLockedItemsComeIn(_ table: String) async throws {
        let holder = TestSession(database.ownerParameters)
        try await holder.execute(
            "BEGIN; SELECT FROM countersign.\(table) WHERE operator_id = 1 FOR UPDATE")
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 50 }) {
            (store: Store) async throws in
            let charges = (1...40).map { index in
                index % 2 == 1
                    ? ProvidedCharge.charge("p\(index)")
                    : ProvidedCharge.charge("p\(index)", of: "GLOBEX", localCurrency: "CHF")
            }
            let outcomes = try await store.ingest(charges)
            #expect(Set(outcomes.indices.filter { $0 % 2 == 0 }.map { outcomes[$0] }) == ["CHARGE_LOCKED"])
            #expect(
                outcomes.indices.filter { $0 % 2 == 1 }.map { outcomes[$0] }
                    == (1...20).map { "I000000\($0 < 10 ? "0" : "")\($0) new" })
            try await holder.execute("ROLLBACK")
            #expect(try await store.ingest(charges).allSatisfy { $0.hasPrefix("I") })
        }
        await holder.close()
    }

    @Test(
        "A charge that another transaction is storing fails alone, or is known once that commits", .database)
    func aChargeUnderWayFailsAlone() async throws {
        let holder = TestSession(database.ownerParameters)
        try await holder.execute(
            """
            BEGIN;
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date)
            VALUES (1, 'N1', 'p2', 'c1', 9.90, 'USD', 9.10, 'EUR', '2026-12-01')
            """)
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 50 }) {
            (store: Store) async throws in
            let charges = (1...3).map { ProvidedCharge.charge("p\($0)") }
            #expect(
                try await store.ingest(charges) == ["I00000001 new", "CHARGE_LOCKED", "I00000003 new"])
            try await holder.execute("COMMIT")
            #expect(
                try await store.ingest(charges) == ["I00000001 known", "N1 known", "I00000003 known"])
        }
        await holder.close()
    }

    /// Half of the numbers ahead are taken one by one, then 100,000 in a row.
    @Test("Numbers that charges have already are passed over, at the cost of a few look-ups", .database)
    func takenNumbersArePassedOver() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.charge (
                operator_id, number, billing_system_customer_identifier, amount, currency, local_currency_amount,
                local_currency, paid_through_date)
            SELECT 1, countersign.charge_number(i::bigint), 'c', 9.90, 'USD', 9.10, 'EUR', '2026-12-01'
            FROM generate_series(1, 100100) AS i WHERE i > 100 OR i % 2 = 0
            """)
        try await database.withStore { (store: Store) async throws in
            let first = try await store.ingest((1...50).map { .charge("p\($0 + 10)") })
            #expect(first == (0..<50).map { "I000000\($0 < 5 ? "0" : "")\(2 * $0 + 1) new" })
            let second = try await store.ingest((1...50).map { .charge("q\($0 + 10)") })
            #expect(Set(second).count == 50 && second.allSatisfy { $0 > "I00100100" && $0.hasSuffix(" new") })
            #expect(second == second.sorted())
        }
        let inReach = try await database.session.count(
            """
            SELECT count(*) FROM countersign.charge_number_counter
            WHERE operator_id = 1 AND next_charge_number BETWEEN 100151 AND 1000000
            """)
        #expect(inReach == 1)
    }
}
