import Authentication
import Charges
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of what a call does, apart from the reasons for which its items fail.
@Suite struct DecisionTests {
    private func decide(
        _ items: [DecisionItem], of account: OperatorAccount = TestDatabase.acme,
        decision: Decision = .accepted, key: ExactText? = nil, store: Store
    ) async throws -> [String] {
        try await store.decisions.decide(
            .accepting(items, of: account, decision: decision, idempotencyKey: key)
        )
        .map(\.text)
    }

    @Test("A call of 50 items decides all of them with consistent history", .database)
    func aWholeCallOfFifty() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(50, prefix: "N")
        let items = (1...50).map { DecisionItem.charge("N\($0)", reference: "R\($0)") }
        try await database.withStore { (store: Store) async throws in
            #expect(try await decide(items, store: store).allSatisfy { $0 == "OK" })
        }
        let consistent = try await database.session.count(
            """
            SELECT count(*) FROM countersign.charge JOIN countersign.charge_history AS history
                USING (operator_id, number, revision)
            WHERE charge.decision = 'ACCEPTED' AND charge.decision_made_by = 'operator'
                AND charge.decision_reference_number = history.reference_number
                AND charge.decided_on = history.made_on AND history.username = 'tester'
                AND history.batch_id IN (SELECT batch_id FROM countersign.batch)
            """)
        #expect(consistent == 50)
    }

    @Test("Reference numbers are compared and limited by Unicode scalars", .database)
    func textsAreComparedByTheirScalars() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(20, prefix: "N")
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        let awkward = #"'"\; DROP TABLE charge; -- \u0000 %s 🙂"#
        let references = [
            composed, decomposed, awkward, String(repeating: "é", count: 64),
            String(repeating: "e\u{301}", count: 32), "\u{1F469}\u{200D}\u{1F467}",
        ]
        let refused = [
            String(repeating: "é", count: 65), String(repeating: "e\u{301}", count: 33), "", " ", "\u{3000}",
            "a\u{0}b",
            "a\nb", "\u{85}",
        ]
        try await database.withStore { (store: Store) async throws in
            let good = references.enumerated().map { DecisionItem.charge("N\($0 + 1)", reference: $1) }
            #expect(try await decide(good, store: store) == good.map { _ in "OK" })
            let bad = refused.enumerated().map { DecisionItem.charge("N\($0 + 10)", reference: $1) }
            #expect(try await decide(bad, store: store) == bad.map { _ in "INVALID_REFERENCE_NUMBER" })
        }
        let stored = try await database.session.texts(
            "SELECT reference_number FROM countersign.charge_history ORDER BY number")
        #expect(
            stored.map { Array(($0 ?? "").unicodeScalars) } == references.map { Array($0.unicodeScalars) })
    }

    @Test("Malformed numbers are not found, and malformed customers are mismatches", .database)
    func namesThatCannotExistAreNotFoundOrAMismatch() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        let long = String(repeating: "x", count: 65)
        let items = [
            DecisionItem(number: "N\u{0}1", billingSystemCustomerIdentifier: "cN1"),
            DecisionItem(number: ExactText(long), billingSystemCustomerIdentifier: "cN1"),
            DecisionItem(number: "N1", billingSystemCustomerIdentifier: "c\u{0}N1"),
        ]
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await decide(items, store: store) == [
                    "CHARGE_NOT_FOUND", "CHARGE_NOT_FOUND", "CUSTOMER_MISMATCH",
                ])
            let tooLong = DecisionItem(number: "N1", billingSystemCustomerIdentifier: ExactText(long))
            #expect(try await decide([tooLong], store: store) == ["CUSTOMER_MISMATCH"])
        }
    }

    @Test("A reference number goes to the first item that passes every other check", .database)
    func theFirstGoodItemHasTheReference() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let items = [
                DecisionItem(number: "N1", billingSystemCustomerIdentifier: "wrong", referenceNumber: "R"),
                .charge("N3", reference: "R"), .charge("N2", reference: "R"),
            ]
            #expect(
                try await decide(items, store: store) == [
                    "CUSTOMER_MISMATCH", "OK", "REFERENCE_NUMBER_IN_USE",
                ])
        }
    }

    @Test("An operator neither sees nor blocks another operator's charges and references", .database)
    func anotherOperatorsChargesAndReferencesAreItsOwn() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        try await database.addCharges(1, prefix: "N", operatorIdentifier: 2)
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await decide([.charge("N2", reference: "R")], of: TestDatabase.globex, store: store) == [
                    "CHARGE_NOT_FOUND"
                ])
            #expect(
                try await decide([.charge("N1", reference: "R")], of: TestDatabase.globex, store: store) == [
                    "OK"
                ])
            #expect(try await decide([.charge("N1", reference: "R")], store: store) == ["OK"])
        }
    }

    @Test("A decision can be changed, and its earlier reference numbers stay taken", .database)
    func aDecisionMayBeChangedAndItsReferencesStayTaken() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            #expect(try await decide([.charge("N1", reference: "A")], store: store) == ["OK"])
            #expect(
                try await decide([.charge("N1", reference: "B")], decision: .declined, store: store) == ["OK"]
            )
            #expect(try await decide([.charge("N1", reference: "A")], store: store) == ["OK"])
            #expect(
                try await decide([.charge("N2", reference: "B")], store: store) == ["REFERENCE_NUMBER_IN_USE"]
            )
        }
        let history = try await database.session.texts(
            """
            SELECT concat_ws(' ', revision, kind, reference_number, takes_reference)
            FROM countersign.charge_history ORDER BY revision
            """)
        #expect(history == ["1 ACCEPTED A t", "2 DECLINED B t", "3 ACCEPTED A f"])
    }

    @Test("A decision by policy never makes an operator's item fail", .database)
    func aDecisionByPolicyNeverMakesAnItemFail() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.charge SET revision = 1, decision = 'ACCEPTED', decided_on = now(),
                decision_made_by = 'policy'
            """)
        try await database.withStore { (store: Store) async throws in
            #expect(try await decide([.charge("N1")], store: store) == ["OK"])
            #expect(try await decide([.charge("N1")], store: store) == ["CHARGE_ALREADY_ACCEPTED"])
        }
        #expect(try await database.session.count("SELECT revision FROM countersign.charge") == 2)
    }

    @Test("An accept repeated under the same Idempotency-Key succeeds and changes nothing", .database)
    func aRepeatUnderTheSameKeySucceedsAndChangesNothing() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        let item = DecisionItem.charge("N1", reference: "R")
        try await database.withStore { (store: Store) async throws in
            let first = try await store.decisions.decide(.accepting([item], idempotencyKey: "key"))
            #expect(try await store.decisions.decide(.accepting([item], idempotencyKey: "key")) == first)
            #expect(try await decide([item], key: "other", store: store) == ["CHARGE_ALREADY_ACCEPTED"])
            #expect(try await decide([item], store: store) == ["CHARGE_ALREADY_ACCEPTED"])
            #expect(
                try await decide([.charge("N1", reference: "S")], key: "key", store: store)
                    == ["CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE"])
            try await database.session.execute(
                "UPDATE countersign.charge SET charge_status = 'APPROVED', set_as_approved_on = now() WHERE number = 'N1'"
            )
            #expect(try await store.decisions.decide(.accepting([item], idempotencyKey: "key")) == first)
            #expect(try await decide([item], key: "other", store: store) == ["CHARGE_ALREADY_PROCESSED"])
        }
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 1)
    }

    /// A paused virtual machine loses no time by its own clock. The caller has given up meanwhile.
    @Test("A call that was frozen with its machine past its deadline is not applied", .database)
    func whatStoodStillWithItsMachineIsNotApplied() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.decisions.decide(.accepting([.charge("N1")])).map(\.text) == ["OK"])
            let clock = try #require(store.cluster.clock)
            // The clock as it is after a pause of an hour.
            store.cluster.recordClock(ServerClock(local: .now, server: clock.time(at: .now - .seconds(3600))))
            await #expect(throws: RequestFailure.serviceUnavailable) {
                try await store.decisions.decide(.accepting([.charge("N2")]))
            }
            // Later calls have their full time again.
            #expect(try await store.decisions.decide(.accepting([.charge("N2")])).map(\.text) == ["OK"])
        }
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 2)
    }

    @Test("A call past its deadline is not applied, by the node's clock or the server's", .database)
    func whatHasPassedItsDeadlineIsNotApplied() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            await #expect(throws: RequestFailure.serviceUnavailable) {
                try await store.decisions.decide(.accepting([.charge("N1")], within: .seconds(-1)))
            }
        }
        // The deadline holds by the server's clock as well, if the call has left its node in time.
        let outcomes = try await database.session.texts(
            """
            SELECT outcome FROM countersign.decide(gen_random_uuid(), 0, ARRAY[1], ARRAY[clock_timestamp()
                - interval '1 ms'], ARRAY['x'], ARRAY[NULL], ARRAY['ACCEPTED'], ARRAY['N1'], ARRAY['cN1'], ARRAY[NULL])
            """)
        #expect(outcomes == ["DEADLINE_PASSED"])
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 0)
    }
}
