import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the contents of a list, of its order, and of how its pages follow each other.
@Suite struct ChargeListTests {
    private let database = TestDatabase.current!

    private func query(
        _ start: ChargeListQuery.Start, count: Int = 50, isProcessed: Bool = false,
        decision: DecisionFilter? = nil, customer: ExactText? = nil,
        of account: OperatorAccount = TestDatabase.acme
    ) -> ChargeListQuery {
        ChargeListQuery(
            operatorIdentifier: account.identifier,
            filter: ChargeListFilter(isProcessed: isProcessed, decision: decision, customer: customer),
            start: start, count: count, deadline: .now + .seconds(30))
    }

    /// The numbers of every page of a pass; the body runs between the pages.
    private func pass(
        _ store: Store, count: Int, isProcessed: Bool = false, decision: DecisionFilter? = nil,
        customer: ExactText? = nil,
        between: ([String]) async throws -> Void = { _ in }
    ) async throws -> [[String]] {
        var pages: [[String]] = []
        var place: ChargePlace?
        repeat {
            let page = try await store.charges.page(
                query(
                    .after(place), count: count, isProcessed: isProcessed, decision: decision,
                    customer: customer))
            pages.append(page.charges.map(\.number.string))
            place = page.next
            if place != nil { try await between(pages.last ?? []) }
        } while place != nil
        return pages
    }

    @Test("Charges are found together by their numbers, the operator's own alone", .database)
    func chargesByTheirNumbers() async throws {
        try await database.addCharges(4, prefix: "N")
        try await database.addCharges(1, prefix: "X", operatorIdentifier: 2)
        try await database.withStore { (store: Store) async throws in
            let records = try await store.charges.records(
                numbered: [
                    "N3", "X1", "N1", "none", "N3", "\0", ExactText(String(repeating: "n", count: 65)),
                ],
                of: TestDatabase.acme.identifier, deadline: .now + .patience)
            #expect(Set(records.map(\.listed.number)) == ["N1", "N3"] && records.count == 2)
            #expect(
                try await store.charges.records(
                    numbered: [], of: TestDatabase.acme.identifier, deadline: .now + .patience
                ).isEmpty)
        }
    }

    @Test("A list is ordered by time received, then by number", .database)
    func theOldestComeFirstThenTheLowerNumber() async throws {
        try await database.addCharges(4, prefix: "N")
        try await database.addCharges(1, prefix: "X", operatorIdentifier: 2)
        try await database.session.execute(
            """
            UPDATE countersign.charge SET received_on = CASE number WHEN 'N4' THEN timestamptz '2026-01-01'
                ELSE '2026-01-02' END WHERE operator_id = 1;
            """)
        try await database.withStore { (store: Store) async throws in
            for start in [ChargeListQuery.Start.offset(0), .after(nil)] {
                let page = try await store.charges.page(query(start))
                #expect(page.charges.map(\.number.string) == ["N4", "N1", "N2", "N3"])
                #expect(page.next == nil)
            }
            let page = try await store.charges.page(query(.offset(1), count: 2))
            #expect(page.charges.map(\.number.string) == ["N1", "N2"])
            #expect(try await store.charges.page(query(.offset(4))).charges.isEmpty)
            #expect(try await store.charges.page(query(.offset(0), isProcessed: true)).charges.isEmpty)
            #expect(try await pass(store, count: 2) == [["N4", "N1"], ["N2", "N3"]])
            #expect(try await pass(store, count: 3) == [["N4", "N1", "N2"], ["N3"]])
        }
    }

    @Test("A listed charge has its exact amounts, times and decision", .database)
    func aListedChargeHasItsExactValues() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.operator SET undecided_policy = 'decline', undecided_window = '2 hours'
            WHERE operator_id = 1;
            UPDATE countersign.operator SET undecided_counts_from = '2026-11-23 06:00Z' WHERE operator_id = 1;
            UPDATE countersign.charge SET received_on = '2026-11-23 07:00:00.5Z'
            """)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.call(.decline, [.charge("N2", reference: "R")]))
            let charges = try await store.charges.page(query(.offset(0))).charges
            let first = try #require(charges.first)
            #expect(first.terms.amount.digits == "9.90")
            #expect(first.terms.localCurrencyAmount.digits == "9.10")
            #expect(first.terms.paidThroughDate.text == "2026-12-01T00:00:00")
            #expect(first.receivedOn.text == "2026-11-23T07:00:00")
            #expect(first.decideBy?.text == "2026-11-23T09:00:00")
            #expect(first.decision == nil)
            let second = try #require(charges.last)
            #expect(second.decision == .declined)
            #expect(second.decisionReferenceNumber == "R")
            #expect(second.decidedOn != nil)
            #expect(second.decideBy == nil)
            try await database.session.execute("UPDATE countersign.operator SET undecided_policy = 'hold'")
            #expect(try await store.charges.page(query(.offset(0))).charges.first?.decideBy == nil)
        }
    }

    @Test("A pass through the pages returns every charge that stays listable exactly once", .database)
    func aPassMeetsAllThatIsListableThroughout() async throws {
        try await database.addCharges(100, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let all = try await pass(store, count: 7) { page in
                // Whether they are decided or no longer listable, charges already listed move none of the others.
                _ = try await store.decisions.decide(.accepting([.charge(page[0])]))
                try await database.session.execute(
                    """
                    UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                        acknowledged_on = now()
                    WHERE number = '\(page[1])'
                    """)
            }
            let numbers = all.flatMap(\.self)
            #expect(numbers.count == 100)
            #expect(Set(numbers).count == 100)
        }
    }

    @Test("A list is filtered by current decision", .database)
    func aListIsFilteredByDecision() async throws {
        try await database.addCharges(9, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2"), .charge("N3")]))
            _ = try await store.decisions.decide(.call(.decline, [.charge("N5"), .charge("N3")]))
            let expected: [(DecisionFilter, [String])] = [
                (.decided(.accepted), ["N1", "N2"]), (.decided(.declined), ["N3", "N5"]),
                (.undecided, ["N4", "N6", "N7", "N8", "N9"]),
            ]
            for (decision, numbers) in expected {
                let byOffset = try await store.charges.page(query(.offset(0), decision: decision))
                #expect(byOffset.charges.map(\.number.string) == numbers)
                #expect(try await pass(store, count: 2, decision: decision).flatMap(\.self) == numbers)
                #expect(try await pass(store, count: 50, decision: decision) == [numbers])
            }
        }
    }

    /// A page looks at a limited number of charges; the pass continues from there.
    @Test("A filtered page may be short before the end of the list", .database)
    func aFilteredPageMayBeShortBeforeTheEnd() async throws {
        try await database.addCharges(2500, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.charge SET received_on = timestamptz '2026-01-01' + substr(number, 2)::int * interval '1 s'"
        )
        try await database.withStore { (store: Store) async throws in
            let rare = [1000, 1001, 2400]
            _ = try await store.decisions.decide(.accepting(rare.map { .charge("N\($0)") }))
            #expect(
                try await pass(store, count: 50, decision: .decided(.accepted)) == [
                    ["N1000"], ["N1001"], ["N2400"],
                ])
            #expect(try await pass(store, count: 50, decision: .decided(.declined)) == [[], [], []])
            #expect(try await pass(store, count: 50, decision: nil).flatMap(\.self).count == 2500)
        }
    }

    @Test("A list is filtered by customer, together with every other filter", .database)
    func aListIsFilteredByCustomer() async throws {
        try await database.addCharges(12, prefix: "N")
        try await database.addCharges(2, prefix: "N", operatorIdentifier: 2)
        try await database.session.execute(
            """
            UPDATE countersign.charge SET billing_system_customer_identifier = 'anna'
            WHERE number IN ('N2', 'N4', 'N6', 'N8', 'N10');
            UPDATE countersign.charge SET received_on = timestamptz '2026-01-01' + substr(number, 2)::int * interval '1 s'
            """)
        try await database.withStore { (store: Store) async throws in
            func decide(_ action: ChargeAction, _ number: ExactText) async throws {
                let item = DecisionItem(number: number, billingSystemCustomerIdentifier: "anna")
                #expect(try await store.decisions.decide(.call(action, [item])).map(\.text) == ["OK"])
            }
            try await decide(.accept, "N2")
            try await decide(.decline, "N4")
            _ = try await store.process(
                .outcome, ["N6", "N8"].map { ProcessingCall.Item.charge($0, outcome: "REJECTED") })
            try await decide(.acknowledge, "N8")
            let expected: [(isProcessed: Bool, decision: DecisionFilter?, numbers: [String])] = [
                (false, nil, ["N2", "N4", "N10"]), (false, .undecided, ["N10"]),
                (false, .decided(.accepted), ["N2"]), (false, .decided(.declined), ["N4"]),
                (true, nil, ["N6"]), (true, .undecided, ["N6"]), (true, .decided(.accepted), []),
            ]
            for (isProcessed, decision, numbers) in expected {
                let byOffset = try await store.charges.page(
                    query(.offset(0), isProcessed: isProcessed, decision: decision, customer: "anna"))
                #expect(byOffset.charges.map(\.number.string) == numbers)
                for count in [1, 2, 50] {
                    let pages = try await pass(
                        store, count: count, isProcessed: isProcessed, decision: decision, customer: "anna")
                    #expect(pages.flatMap(\.self) == numbers, "\(isProcessed) \(count)")
                }
            }
            let second = try await store.charges.page(query(.offset(1), count: 1, customer: "anna"))
            #expect(second.charges.map(\.number.string) == ["N4"])
            let other = try await store.charges.page(
                query(.offset(0), customer: "anna", of: TestDatabase.globex))
            #expect(other.charges.map(\.number.string) == ["N2"])
        }
    }

    @Test("A customer that does not exist, or cannot, has an empty list", .database)
    func anUnknownCustomerHasAnEmptyList() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let long = String(repeating: "\u{1F600}", count: 64)
            for customer in ["cn1", "", "c\u{0}N1", "\u{0}", long, long + "x", "c%", "'; --"] {
                for start in [ChargeListQuery.Start.offset(0), .after(nil)] {
                    let page = try await store.charges.page(query(start, customer: ExactText(customer)))
                    #expect(page == ChargePage(charges: [], next: nil), "\(customer.debugDescription)")
                }
            }
        }
    }

    @Test("A charge is found by its number and by each of its reference numbers", .database)
    func aChargeIsShownByItsNumberAndEachOfItsReferences() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            func show(_ name: ChargeName, of account: OperatorAccount = TestDatabase.acme) async throws
                -> Charge?
            {
                try await store.charges.charge(
                    named: name, of: account.identifier, deadline: .now + .seconds(30))
            }
            #expect(try await show(.number("N2"))?.decisions.isEmpty == true)
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "A")]))
            _ = try await store.decisions.decide(.call(.decline, [.charge("N1", reference: "D")]))
            try await database.session.execute(
                """
                UPDATE countersign.charge SET charge_status = 'DECLINED', set_as_declined_on = now()
                WHERE number = 'N1'
                """)
            _ = try await store.decisions.decide(.call(.acknowledge, [.charge("N1", reference: "K")]))
            for name in [ChargeName.number("N1"), .referenceNumber("A"), .referenceNumber("D")] {
                let charge = try #require(try await show(name))
                #expect(charge.record.listed.number == "N1")
                #expect(charge.decisions.map(\.revision) == [1, 2])
                #expect(charge.decisions.map(\.decision) == [.accepted, .declined])
                #expect(charge.decisions.map(\.referenceNumber) == ["A", "D"])
                #expect(charge.record.listed.decision == .declined)
                #expect(charge.record.listed.decidedOn == charge.decisions.last?.madeOn)
                #expect(charge.record.listed.decisionReferenceNumber == "D")
                #expect(charge.acknowledgement?.referenceNumber == "K")
                #expect(charge.acknowledgement?.madeOn == charge.record.acknowledgedOn)
                #expect(charge.acknowledgement?.username == "tester")
            }
            #expect(try await show(.referenceNumber("K"))?.record.listed.number == "N1")
            for name in [
                ChargeName.number("A"), .referenceNumber("N1"), .number("N\u{0}1"), .referenceNumber("a"),
            ] {
                #expect(try await show(name)?.record.listed.number == nil)
            }
            #expect(try await show(.number("N1"), of: TestDatabase.globex)?.record.listed.number == nil)
            #expect(
                try await show(.referenceNumber("A"), of: TestDatabase.globex)?.record.listed.number == nil)
        }
    }
}
