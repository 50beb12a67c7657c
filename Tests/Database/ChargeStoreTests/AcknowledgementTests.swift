import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of acknowledging, and of its relation to decisions, their history and their references.
@Suite struct AcknowledgementTests {
    private let database = TestDatabase.current!

    private func call(
        _ action: ChargeAction, _ items: DecisionItem..., key: ExactText? = nil, repeatsSucceed: Bool = false,
        store: Store
    ) async throws -> [String] {
        let outcomes = try await store.decisions.decide(
            .call(action, items, idempotencyKey: key, repeatsSucceed: repeatsSucceed))
        return outcomes.map { outcome in
            guard case .decided(let made) = outcome else { return outcome.text }
            return "OK \(made.revision.map(String.init) ?? "-")"
        }
    }

    private func process(
        _ number: String, as status: String = "REJECTED", on column: String = "rejected_request"
    )
        async throws
    {
        try await database.session.execute(
            """
            UPDATE countersign.charge SET charge_status = '\(status)', set_as_\(column)_on = clock_timestamp()
            WHERE number = '\(number)'
            """)
    }

    private func history() async throws -> [String?] {
        try await database.session.texts(
            """
            SELECT concat_ws(' ', number, revision, kind, coalesce(reference_number, '-'), takes_reference)
            FROM countersign.charge_history ORDER BY made_on, number
            """)
    }

    @Test(
        "A charge whose decision changed is acknowledged once, with every decision in its history", .database)
    func aChangeOfMindThenTheOutcomeThenItsAcknowledgement() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            #expect(try await call(.accept, .charge("N1", reference: "A"), store: store) == ["OK 1"])
            #expect(try await call(.decline, .charge("N1", reference: "B"), store: store) == ["OK 2"])
            #expect(
                try await call(.decline, .charge("N1"), store: store) == [
                    "CHARGE_DECLINED_UNDER_OTHER_REFERENCE"
                ])
            #expect(try await call(.accept, .charge("N1", reference: "A"), store: store) == ["OK 3"])
            #expect(
                try await call(.acknowledge, .charge("N1", reference: "C"), store: store) == [
                    "CHARGE_NOT_PROCESSED"
                ])
            try await process("N1")
            #expect(try await call(.acknowledge, .charge("N1", reference: "C"), store: store) == ["OK -"])
            #expect(
                try await call(.acknowledge, .charge("N1", reference: "C"), store: store) == [
                    "CHARGE_ALREADY_ACKNOWLEDGED"
                ])
            #expect(try await call(.decline, .charge("N1"), store: store) == ["CHARGE_ALREADY_PROCESSED"])
        }
        #expect(
            try await history() == [
                "N1 1 ACCEPTED A t", "N1 2 DECLINED B t", "N1 3 ACCEPTED A f", "N1 0 ACKNOWLEDGED C t",
            ])
        let charge = try await database.session.texts(
            """
            SELECT concat_ws(' ', revision, decision, decision_reference_number,
                acknowledged_on = (SELECT made_on FROM countersign.charge_history WHERE revision = 0))
            FROM countersign.charge
            """)
        #expect(charge == ["3 ACCEPTED A t"])
    }

    @Test("Accept, decline and acknowledge share one name space of reference numbers", .database)
    func theThreeCallsShareOneNameSpaceOfReferences() async throws {
        try await database.addCharges(4, prefix: "N")
        try await process("N3", as: "BAD_REQUEST", on: "bad_request")
        try await process("N4", as: "REJECTED", on: "rejected_request")
        try await database.withStore { (store: Store) async throws in
            #expect(try await call(.accept, .charge("N1", reference: "A"), store: store) == ["OK 1"])
            #expect(try await call(.decline, .charge("N2", reference: "D"), store: store) == ["OK 1"])
            for taken in ["A", "D"] {
                #expect(
                    try await call(.acknowledge, .charge("N3", reference: taken), store: store) == [
                        "REFERENCE_NUMBER_IN_USE"
                    ])
            }
            #expect(
                try await call(
                    .acknowledge, .charge("N3", reference: "K"), .charge("N4", reference: "K"), store: store)
                    == ["OK -", "REFERENCE_NUMBER_IN_USE"])
            for action in [ChargeAction.accept, .decline] {
                #expect(
                    try await call(action, .charge("N1", reference: "K"), store: store)
                        == [
                            action == .accept
                                ? "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE" : "REFERENCE_NUMBER_IN_USE"
                        ])
            }
            // Acknowledged without a reference, and under one that names the charge already.
            #expect(try await call(.acknowledge, .charge("N4"), store: store) == ["OK -"])
            try await process("N1")
            #expect(try await call(.acknowledge, .charge("N1", reference: "A"), store: store) == ["OK -"])
        }
        #expect(
            try await history() == [
                "N1 1 ACCEPTED A t", "N2 1 DECLINED D t", "N3 0 ACKNOWLEDGED K t", "N4 0 ACKNOWLEDGED - f",
                "N1 0 ACKNOWLEDGED A f",
            ])
    }

    @Test(
        "A repeat under the same Idempotency-Key succeeds and changes nothing", .database,
        arguments: ChargeAction.allCases)
    func aRepeatUnderTheSameKeySucceedsAndChangesNothing(_ action: ChargeAction) async throws {
        try await database.addCharges(2, prefix: "N")
        if action == .acknowledge { try await process("N1") }
        let item = DecisionItem.charge("N1", reference: "R")
        try await database.withStore { (store: Store) async throws in
            let first = try await store.decisions.decide(.call(action, [item], idempotencyKey: "key"))
            #expect(first.map(\.text) == ["OK"])
            #expect(try await store.decisions.decide(.call(action, [item], idempotencyKey: "key")) == first)
            if action != .acknowledge { try await process("N1") }
            #expect(try await store.decisions.decide(.call(action, [item], idempotencyKey: "key")) == first)
            // An item with another call, number, customer, reference or key is another item.
            for other in ChargeAction.allCases where other != action && other != .acknowledge {
                #expect(
                    try await call(other, item, key: "key", store: store) == ["CHARGE_ALREADY_PROCESSED"])
            }
            let mismatched = DecisionItem(
                number: "N1", billingSystemCustomerIdentifier: "x", referenceNumber: "R")
            #expect(try await call(action, mismatched, key: "key", store: store) == ["CUSTOMER_MISMATCH"])
            let code =
                action == .acknowledge ? "CHARGE_ALREADY_ACKNOWLEDGED" : "CHARGE_ALREADY_PROCESSED"
            #expect(try await call(action, .charge("N1"), key: "key", store: store) == [code])
            #expect(try await call(action, item, key: "other", store: store) == [code])
        }
        #expect(try await history().count == 1)
    }

    @Test("A repeat of a replaced decision fails with DECISION_SUPERSEDED", .database)
    func aRepeatOfWhatWasReplacedIsSuperseded() async throws {
        try await database.addCharges(1, prefix: "N")
        let item = DecisionItem.charge("N1", reference: "R")
        try await database.withStore { (store: Store) async throws in
            #expect(try await call(.decline, item, key: "one", store: store) == ["OK 1"])
            #expect(try await call(.accept, item, key: "one", store: store) == ["OK 2"])
            #expect(
                try await call(.decline, item, key: "one", repeatsSucceed: true, store: store) == [
                    "DECISION_SUPERSEDED"
                ])
            #expect(try await call(.accept, item, key: "one", store: store) == ["OK 2"])
            #expect(try await call(.decline, item, key: "two", store: store) == ["OK 3"])
            // A repeat repeats the latest decision with the same key.
            #expect(try await call(.accept, item, key: "one", store: store) == ["DECISION_SUPERSEDED"])
        }
        #expect(try await history().count == 3)
    }

    @Test(
        "A repeat succeeds without a change where the operator's setting allows it", .database,
        arguments: [ChargeAction.accept, .decline])
    func whereRepeatsSucceedOneChangesNothing(_ action: ChargeAction) async throws {
        try await database.addCharges(2, prefix: "N")
        let item = DecisionItem.charge("N1", reference: "R")
        try await database.withStore { (store: Store) async throws in
            let first = try await store.decisions.decide(.call(action, [item]))
            #expect(try await store.decisions.decide(.call(action, [item], repeatsSucceed: true)) == first)
            #expect(
                try await call(action, item, .charge("N2"), store: store)
                    == ["CHARGE_ALREADY_\(action.rawValue)", "OK 1"])
            #expect(
                try await call(action, .charge("N1"), .charge("N2"), repeatsSucceed: true, store: store)
                    == ["CHARGE_\(action.rawValue)_UNDER_OTHER_REFERENCE", "OK 1"])
            try await process("N1")
            #expect(
                try await call(action, item, repeatsSucceed: true, store: store) == [
                    "CHARGE_ALREADY_PROCESSED"
                ])
        }
        #expect(try await history().count == 2)
    }

    @Test("A second acknowledgement fails even where repeats succeed", .database)
    func anAcknowledgementIsNeverARepeatThatSucceeds() async throws {
        try await database.addCharges(1, prefix: "N")
        try await process("N1")
        try await database.withStore { (store: Store) async throws in
            #expect(try await call(.acknowledge, .charge("N1"), store: store) == ["OK -"])
            #expect(
                try await call(.acknowledge, .charge("N1"), repeatsSucceed: true, store: store) == [
                    "CHARGE_ALREADY_ACKNOWLEDGED"
                ])
        }
    }

    @Test("A locked charge fails alone, and the call's other charges are acknowledged", .database)
    func aHeldChargeAloneIsNotAcknowledged() async throws {
        try await database.addCharges(3, prefix: "N")
        for number in 1...3 { try await process("N\(number)") }
        let locker = try await database.sessionLocking(charge: "N2")
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 200 }) {
            (store: Store) async throws in
            let items = (1...3).map { DecisionItem.charge("N\($0)", reference: "R\($0)") }
            let outcomes = try await store.decisions.decide(.call(.acknowledge, items))
            #expect(outcomes.map(\.text) == ["OK", "CHARGE_LOCKED", "OK"])
            try await locker.execute("ROLLBACK")
            #expect(try await call(.acknowledge, items[1], store: store) == ["OK -"])
        }
        await locker.close()
    }
}
