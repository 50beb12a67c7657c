import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of what a search finds, of its order, and of how its pages follow each other.
@Suite struct ChargeSearchTests {
    private let database = TestDatabase.current!

    private func page(
        _ store: Store, _ filter: ChargeSearchFilter, _ order: ChargeSearchOrder = .oldestFirst,
        after place: ChargePlace? = nil, count: Int = 50, of account: OperatorAccount = TestDatabase.acme
    ) async throws -> ChargeSearchPage {
        try await store.chargeSearches.page(
            ChargeSearch(
                operatorIdentifier: account.identifier, filter: filter, order: order, after: place,
                count: count, deadline: .now + .patience))
    }

    /// The numbers of every page of a pass; the body runs between the pages.
    private func pass(
        _ store: Store, _ filter: ChargeSearchFilter, _ order: ChargeSearchOrder, count: Int,
        between: ([String]) async throws -> Void = { _ in }
    ) async throws -> [[String]] {
        var pages: [[String]] = []
        var place: ChargePlace?
        repeat {
            let page = try await page(store, filter, order, after: place, count: count)
            pages.append(page.charges.map(\.listed.number.string))
            place = page.next
            if place != nil { try await between(pages.last ?? []) }
        } while place != nil
        return pages
    }

    private static func filter(_ change: (inout ChargeSearchFilter) -> Void) -> ChargeSearchFilter {
        var filter = ChargeSearchFilter()
        change(&filter)
        return filter
    }

    /// A charge of the plain model that searches are compared with.
    private struct ModelCharge {
        let number: String
        let status: ChargeStatus
        let isAcknowledged: Bool
        let decision: Decision?
        let customer: String
        let reference: String?
        let second: Int

        /// The 120 charges of the model. Neighbours share their time of receipt.
        static let all: [ModelCharge] = (0..<120).map { place in
            let status = ChargeStatus.allCases[place % 5]
            return ModelCharge(
                number: "M\(place * 37 % 120)", status: status,
                isAcknowledged: status != .pending && place % 3 == 0,
                decision: [nil, .accepted, .declined][place / 2 % 3],
                customer: ["anna", "bob"][place / 7 % 2],
                reference: place % 4 == 1 ? "R\(place)" : nil, second: place / 2)
        }

        func passes(_ filter: ChargeSearchFilter) -> Bool {
            let receivedOn = ModelCharge.time(second)
            let isKindOfDecision = filter.decision.map { asked in
                switch asked {
                case .undecided: decision == nil
                case .decided(let kind): decision == kind
                }
            }
            return (filter.status.map { $0.statuses.contains(status) } ?? true)
                && (filter.isAcknowledged.map { $0 == isAcknowledged } ?? true)
                && (isKindOfDecision ?? true)
                && (filter.customer.map { $0.string == customer } ?? true)
                && (filter.number.map { $0.string == number } ?? true)
                && (filter.referenceNumber.map { $0.string == reference } ?? true)
                && (filter.receivedFrom.map { $0 <= receivedOn } ?? true)
                && (filter.receivedBefore.map { receivedOn < $0 } ?? true)
        }

        static func time(_ second: Int) -> Timestamp {
            Timestamp(microsecondsSince2000: 800_000_000_000_000 + Int64(second) * 1_000_000)
        }
    }

    private func addModel() async throws {
        func text(_ value: String?) -> String { value.map { "'\($0)'" } ?? "NULL" }
        let values = ModelCharge.all.map { charge in
            let columns = [
                text(charge.number), text(charge.customer), text(charge.status.rawValue),
                "\(charge.isAcknowledged)", "\(text(charge.decision?.rawValue))", text(charge.reference),
                "\(charge.second)",
            ]
            return "(\(columns.joined(separator: ", ")))"
        }
        try await database.withoutTriggers(
            """
            CREATE TEMPORARY TABLE model AS
            SELECT * FROM (VALUES \(values.joined(separator: ", ")))
                AS model (number, customer, status, acknowledged, decision, reference, second);
            INSERT INTO countersign.charge (
                operator_id, number, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, received_on, charge_status,
                set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on,
                acknowledged_on, revision, decision, decided_on, decision_made_by)
            SELECT 1, number, customer, 9.90, 'USD', 9.10, 'EUR', '2026-12-01',
                timestamptz '2000-01-01 00:00Z' + interval '800000000 s' + second * interval '1 s', status,
                CASE status WHEN 'APPROVED' THEN now() END, CASE status WHEN 'DECLINED' THEN now() END,
                CASE status WHEN 'BAD_REQUEST' THEN now() END, CASE status WHEN 'REJECTED' THEN now() END,
                CASE WHEN acknowledged THEN now() END, (decision IS NOT NULL)::integer, decision,
                CASE WHEN decision IS NOT NULL THEN now() END,
                CASE WHEN decision IS NOT NULL THEN 'operator' END
            FROM model;
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT 1, number, 7, 'ACCEPTED', 'operator', now(), reference, true, gen_random_uuid()
            FROM model WHERE reference IS NOT NULL;
            DROP TABLE model
            """)
    }

    @Test(
        "Every combination of filters finds what a plain model finds, page by page, in either order",
        .database)
    func aSearchIsWhatAModelFinds() async throws {
        try await addModel()
        try await database.addCharges(5, prefix: "M", operatorIdentifier: 2)
        let statuses: [ChargeStatusFilter?] = [nil] + ChargeStatusFilter.allCases
        let decisions: [DecisionFilter?] = [nil] + DecisionFilter.allCases
        let periods: [(Int?, Int?)] = [(nil, nil), (20, 41), (30, nil), (nil, 30), (30, 30)]
        var filters: [ChargeSearchFilter] = []
        for status in statuses {
            for isAcknowledged in [nil, false, true] {
                for decision in decisions {
                    for customer in [nil, "anna"] {
                        // Each combination of the others has one of the periods, and each period all kinds of them.
                        let (from, before) = periods[filters.count % periods.count]
                        filters.append(
                            Self.filter {
                                $0.status = status
                                $0.isAcknowledged = isAcknowledged
                                $0.decision = decision
                                $0.customer = customer.map { ExactText($0) }
                                $0.receivedFrom = from.map(ModelCharge.time)
                                $0.receivedBefore = before.map(ModelCharge.time)
                            })
                    }
                }
            }
        }
        try await database.withStore { (store: Store) async throws in
            for filter in filters {
                let expected = ModelCharge.all.filter { $0.passes(filter) }
                    .sorted { ($0.second, $0.number) < ($1.second, $1.number) }.map(\.number)
                for order in ChargeSearchOrder.allCases {
                    let pages = try await pass(store, filter, order, count: 7)
                    #expect(
                        pages.flatMap(\.self) == (order == .oldestFirst ? expected : expected.reversed()),
                        "\(filter) \(order)")
                    #expect(pages.dropLast().allSatisfy { $0.count == 7 }, "\(filter) \(order)")
                }
            }
        }
    }

    @Test(
        "A charge is found by number and by any reference it took, if the rest of the filter lets it pass",
        .database)
    func aChargeIsFoundByName() async throws {
        try await addModel()
        try await database.addCharges(3, prefix: "G", operatorIdentifier: 2)
        var filters: [ChargeSearchFilter] = []
        for charge in ModelCharge.all.prefix(20) {
            for other in [charge, ModelCharge.all[50]] {
                let named: [ChargeSearchFilter] = [
                    Self.filter { $0.number = ExactText(charge.number) },
                    Self.filter { $0.referenceNumber = charge.reference.map { ExactText($0) } ?? "none" },
                    Self.filter {
                        $0.number = ExactText(charge.number)
                        $0.referenceNumber = ExactText(other.reference ?? "none")
                    },
                ]
                for var filter in named {
                    filters.append(filter)
                    filter.status = .status(other.status)
                    filters.append(filter)
                    filter.isAcknowledged = other.isAcknowledged
                    filter.decision = .decided(.accepted)
                    filters.append(filter)
                    filter.customer = ExactText(other.customer)
                    filter.receivedFrom = ModelCharge.time(other.second)
                    filter.receivedBefore = ModelCharge.time(other.second + 1)
                    filters.append(filter)
                }
            }
        }
        try await database.withStore { (store: Store) async throws in
            for filter in filters {
                let expected = ModelCharge.all.filter { $0.passes(filter) }.map(\.number)
                for order in ChargeSearchOrder.allCases {
                    let page = try await page(store, filter, order)
                    #expect(page.charges.map(\.listed.number.string) == expected, "\(filter)")
                    #expect(page.next == nil && !page.endsEarly)
                }
            }
        }
    }

    @Test("An earlier reference of a charge finds it as well as the current one", .database)
    func everyReferenceFindsTheCharge() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "A")]))
            _ = try await store.decisions.decide(.call(.decline, [.charge("N1", reference: "B")]))
            for (reference, expected) in [("A", ["N1"]), ("B", ["N1"]), ("C", []), ("N1", [])] {
                let found = try await page(store, Self.filter { $0.referenceNumber = ExactText(reference) })
                #expect(found.charges.map(\.listed.number.string) == expected)
                let other = try await page(
                    store, Self.filter { $0.referenceNumber = ExactText(reference) },
                    of: TestDatabase.globex)
                #expect(other.charges.isEmpty)
            }
            let decided = try await page(store, Self.filter { $0.decision = .decided(.declined) })
            #expect(decided.charges.map(\.listed.decisionReferenceNumber) == ["B"])
        }
    }

    @Test("Names that cannot exist find nothing", .database)
    func impossibleNamesFindNothing() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let long = String(repeating: "\u{1F600}", count: 64)
            for text in ["", "n1", "N1\u{0}", "\u{0}", long, long + "x", "N%", "'; --"] {
                let name = ExactText(text)
                for filter in [
                    Self.filter { $0.number = name }, Self.filter { $0.referenceNumber = name },
                    Self.filter { $0.customer = name },
                ] {
                    let page = try await page(store, filter)
                    #expect(page.charges.isEmpty && page.next == nil, "\(text.debugDescription)")
                }
            }
        }
    }

    @Test("A found charge has its acknowledgement, its deadline and that it was imported", .database)
    func aFoundChargeIsWhole() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withoutTriggers(
            """
            UPDATE countersign.operator SET undecided_policy = 'decline', undecided_window = '2 hours',
                undecided_counts_from = '2020-01-01 00:00Z';
            UPDATE countersign.charge SET received_on = '2026-11-23 07:00Z', imported_on = '2026-11-23 08:00Z'
            WHERE number = 'N1';
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                acknowledged_on = '2026-11-24 09:00Z'
            WHERE number = 'N2'
            """)
        try await database.withStore { (store: Store) async throws in
            let charges = try await page(store, ChargeSearchFilter()).charges
            #expect(charges.map(\.listed.decideBy?.text) == ["2026-11-23T10:00:00", nil])
            #expect(charges.map(\.importedOn?.text) == ["2026-11-23T08:00:00", nil])
            #expect(charges.map(\.acknowledgedOn?.text) == [nil, "2026-11-24T09:00:00"])
            let shown = try await store.charges.charge(
                named: .number("N1"), of: TestDatabase.acme.identifier, deadline: .now + .patience)
            #expect(shown?.record.listed.decideBy?.text == "2026-11-23T10:00:00")
            #expect(shown?.wasProcessedHere == false)
        }
    }

    @Test("A shown charge says whether the provider processed it here", .database)
    func aShownChargeSaysWhereItWasProcessed() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "R1")]))
            try await database.process("N1")
            _ = try await store.decisions.decide(.call(.acknowledge, [.charge("N1", reference: "R2")]))
            let charge = try #require(
                try await store.charges.charge(
                    named: .referenceNumber("R2"), of: TestDatabase.acme.identifier,
                    deadline: .now + .patience))
            let events = charge.timeline.map(\.event)
            #expect(charge.wasProcessedHere)
            #expect(
                events == [
                    .received, .decided(charge.decisions[0]), .processed(.approved, here: true),
                    .acknowledged(charge.acknowledgement),
                ])
            #expect(charge.acknowledgement?.referenceNumber == "R2")
        }
    }

    @Test(
        "A pass returns each charge once while others are decided and acknowledged", .database,
        arguments: ChargeSearchOrder.allCases)
    func aPassMeetsEachChargeOnce(order: ChargeSearchOrder) async throws {
        try await database.addCharges(100, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let all = try await pass(store, ChargeSearchFilter(), order, count: 7) { page in
                _ = try await store.decisions.decide(.accepting([.charge(page[0])]))
                try await database.session.execute(
                    """
                    UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                        acknowledged_on = now()
                    WHERE number = '\(page[1])'
                    """)
            }
            #expect(all.flatMap(\.self).count == 100)
            #expect(Set(all.flatMap(\.self)).count == 100)
            let undecided = Self.filter { $0.decision = .undecided }
            let expected = try await pass(store, undecided, order, count: 50).flatMap(\.self)
            let pages = try await pass(store, undecided, order, count: 7) { page in
                _ = try await store.decisions.decide(.accepting([.charge(page[0])]))
            }
            #expect(pages.flatMap(\.self) == expected)
        }
    }

    @Test("A page that few charges pass ends early, says so, and the pass goes on from there", .database)
    func aRareChargeIsFound() async throws {
        try await database.addCharges(45_000, prefix: "N")
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge
            SET received_on = timestamptz '2026-01-01' + substr(number, 2)::int * interval '1 s';
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                acknowledged_on = CASE WHEN substr(number, 2)::int % 4 = 1 THEN now() END
            WHERE substr(number, 2)::int % 2 = 1;
            UPDATE countersign.charge SET revision = 1, decision = 'ACCEPTED', decided_on = now(),
                decision_made_by = 'operator'
            WHERE number IN ('N7', 'N20000', 'N25001', 'N44999', 'N45000')
            """)
        try await database.withStore { (store: Store) async throws in
            var filter = Self.filter { $0.decision = .decided(.accepted) }
            for order in ChargeSearchOrder.allCases {
                let expected = ["N7", "N20000", "N25001", "N44999", "N45000"]
                let pages = try await pass(store, filter, order, count: 50)
                #expect(
                    pages.flatMap(\.self) == (order == .oldestFirst ? expected : expected.reversed()))
                #expect(pages.count > 3)
                let first = try await page(store, filter, order)
                #expect(first.endsEarly && first.next != nil)
            }
            filter.receivedFrom = Timestamp("2026-01-01T12:30:00")
            #expect(try await pass(store, filter, .newestFirst, count: 50) == [["N45000"]])
            filter = Self.filter { $0.decision = .decided(.declined) }
            let empty = try await pass(store, filter, .newestFirst, count: 50)
            #expect(empty.count > 3 && empty.allSatisfy(\.isEmpty))
            let whole = try await page(store, ChargeSearchFilter(), .newestFirst)
            #expect(whole.charges.count == 50 && !whole.endsEarly)
        }
    }
}
