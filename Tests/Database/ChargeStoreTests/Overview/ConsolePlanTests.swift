import Charges
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of the cost of overviews and searches, which has a bound however many charges there are. Statements are planned
/// and executed as nodes do it, under row security.
@Suite struct ConsolePlanTests {
    private let database = TestDatabase.current!

    /// Half a million charges, ten received each second up to now: a fifth is pending, and one in fifty of these
    /// undecided; two fifths are acknowledged. One in eleven is of the customer `many`.
    private func addCharges() async throws {
        for part in 0..<5 {
            try await database.withoutTriggers(
                """
                INSERT INTO countersign.charge (
                    operator_id, number, billing_system_customer_identifier, amount, currency,
                    local_currency_amount, local_currency, paid_through_date, received_on, charge_status,
                    set_as_approved_on, set_as_declined_on, acknowledged_on, revision, decision, decided_on,
                    decision_made_by)
                SELECT 1, 'N' || i, CASE WHEN i % 11 = 5 THEN 'many' ELSE 'c' || i END, 9.90, 'USD', 9.10, 'EUR',
                    '2026-12-01', now() - (500000 - i) / 10 * interval '1 second',
                    CASE WHEN i % 5 = 0 THEN 'PENDING' WHEN i % 100 = 1 THEN 'DECLINED' ELSE 'APPROVED' END,
                    CASE WHEN i % 5 > 0 AND i % 100 <> 1 THEN now() END, CASE WHEN i % 100 = 1 THEN now() END,
                    CASE WHEN i % 5 > 2 THEN now() END,
                    (i % 250 > 0)::integer, CASE WHEN i % 250 > 0 THEN 'ACCEPTED' END,
                    CASE WHEN i % 250 > 0 THEN now() END, CASE WHEN i % 250 > 0 THEN 'operator' END
                FROM generate_series(\(part * 100_000 + 1), \((part + 1) * 100_000)) AS i
                """)
        }
        try await database.session.execute("UPDATE countersign.operator SET undecided_policy = 'accept'")
        try await database.session.execute("VACUUM ANALYZE countersign.charge")
        for setting in SessionSettings.all {
            try await database.session.execute(
                "SELECT set_config('\(setting.name)', '\(setting.value)', false)")
        }
    }

    private func plan(_ name: String, _ values: String) async throws -> Plan {
        try await database.session.actAsReader()
        let text = try await database.session.texts(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE \(name) (\(values))")[0]!
        try await database.session.execute("COMMIT")
        return try Plan(text)
    }

    @Test("An overview's counts walk through an index, and end at their bounds", .database)
    func overviewsAreBounded() async throws {
        try await addCharges()
        func expect(
            _ name: String, _ sql: String, _ values: String, types: String, _ index: String, mostBlocks: Int
        ) async throws {
            try await database.session.execute("PREPARE \(name) (\(types)) AS \(sql)")
            let plan = try await plan(name, values)
            #expect(plan.indexes.isSuperset(of: [index]), "\(name): \(plan.indexes)")
            #expect(plan.indexes.subtracting([index, "operator_pkey"]) == [], "\(name): \(plan.indexes)")
            #expect(!plan.scans.contains("Seq Scan") && plan.orderedRows <= 60, "\(name): \(plan.scans)")
            #expect((1...mostBlocks).contains(plan.blocks), "\(name): \(plan.blocks)")
        }
        let ages = Statement<OverviewInput, UndecidedAgeRow>.undecidedByAge
        let deadlines = Statement<OverviewInput, UndecidedDeadlinesRow>.undecidedByDeadline
        let processed = Statement<OverviewInput, ProcessedCount>.processedCounts
        // Twenty thousand of the 100,000 pending charges in each walk, which lie two or three to a page.
        try await expect(
            ages.name, ages.sql, "1", types: "bigint", "charge_pending_idx", mostBlocks: 45_000)
        try await expect(
            deadlines.name, deadlines.sql, "1", types: "bigint", "charge_pending_idx", mostBlocks: 45_000)
        try await expect(
            processed.name, processed.sql, "ARRAY['APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED'], 1",
            types: "text[], bigint", "charge_processed_status_idx", mostBlocks: 400)
    }

    @Test(
        "A page of a search is read by indexes in its order, and looks at a bounded number of charges",
        .database)
    func searchesAreBounded() async throws {
        try await addCharges()
        for order in ChargeSearchOrder.allCases {
            for scope in ChargeSearchScope.allCases {
                let statement = Statement<ChargeSearch, ChargeSearchRow>.chargeSearch(scope, order)
                let isOfCustomer = scope.rawValue.hasSuffix("of_customer")
                let isOfStatus = scope.rawValue.hasSuffix("of_status")
                let types =
                    "text, " + (isOfCustomer ? "text[], " : "") + "bigint, "
                    + (isOfStatus || isOfCustomer ? "text, " : "")
                    + "timestamptz, text, timestamptz, bigint"
                try await database.session.execute("PREPARE \(statement.name) (\(types)) AS \(statement.sql)")
                let (first, last) =
                    order == .oldestFirst ? ("-infinity", "infinity") : ("infinity", "-infinity")
                for (decision, mostBlocks) in [("NULL", 1500), ("'DECLINED'", 24_000)] {
                    let plan = try await plan(
                        statement.name,
                        decision
                            + (isOfCustomer
                                ? ", ARRAY['PENDING', 'APPROVED', 'DECLINED', 'BAD_REQUEST', 'REJECTED']"
                                : "")
                            + ", 1" + (isOfStatus ? ", 'APPROVED'" : isOfCustomer ? ", 'many'" : "")
                            + ", '\(first)', '', '\(last)', 51")
                    let read = "\(statement.name) \(decision)"
                    #expect(!plan.scans.contains("Seq Scan"), "\(read): \(plan.scans)")
                    #expect(plan.orderedRows <= 6 * 51, "\(read): \(plan.orderedRows)")
                    #expect((4...mostBlocks).contains(plan.blocks), "\(read): \(plan.blocks)")
                    #expect(plan.rows == 51 || decision != "NULL", "\(read): \(plan.rows)")
                }
            }
        }
    }
}
