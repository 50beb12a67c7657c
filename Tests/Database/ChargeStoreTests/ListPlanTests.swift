import Charges
import Foundation
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Listing costs the same however many charges there are, and wherever in the list a page is.
@Suite struct ListPlanTests {
    private let database = TestDatabase.current!

    private typealias List = Statement<ChargeListQuery, ChargeListRow>

    /// A million charges, three in ten of them processed, ten received each second.
    private func addAMillion() async throws {
        for part in 0..<10 {
            try await database.session.execute(
                """
                -- The operator is there: its foreign key need not be looked at a million times.
                SET session_replication_role = replica;
                INSERT INTO countersign.charge (
                    operator_id, number, billing_system_customer_identifier, amount, currency,
                    local_currency_amount, local_currency, paid_through_date, received_on, charge_status,
                    set_as_approved_on)
                SELECT 1, 'N' || i, 'c' || i, 9.90, 'USD', 9.10, 'EUR', '2026-12-01',
                    timestamptz '2026-01-01 00:00:00Z' + i / 10 * interval '1 second',
                    CASE WHEN i % 10 < 3 THEN 'APPROVED' ELSE 'PENDING' END,
                    CASE WHEN i % 10 < 3 THEN now() END
                FROM generate_series(\(part * 100_000 + 1), \((part + 1) * 100_000)) AS i
                """)
        }
        try await database.session.execute("SET session_replication_role = origin; ANALYZE")
    }

    @Test(.database) func aPageCostsTheSameWhereverItIs() async throws {
        try await addAMillion()
        let lists: [(List, String, String, ClosedRange<Double>, Int)] = [
            (.pendingByPlace, "= 'PENDING'", "charge_pending_idx", 10.0...300.0, 120),
            (.processedByPlace, "<> 'PENDING'", "charge_processed_idx", 10.0...300.0, 240),
            (.pendingFilteredByPlace, "= 'PENDING'", "charge_pending_idx", 25.0...5000.0, 400),
            (.processedFilteredByPlace, "<> 'PENDING'", "charge_processed_idx", 25.0...5000.0, 800),
        ]
        for (statement, status, index, costs, mostBlocks) in lists {
            try await prepare(statement, "bigint, text, bigint, timestamptz, text")
            let filter = statement.name.contains("filtered") ? "'ACCEPTED'" : "NULL"
            let thousandth = try await database.session.texts(
                """
                SELECT quote_literal(received_on) || ', ' || quote_literal(number) FROM countersign.charge
                WHERE operator_id = 1 AND charge_status \(status)
                ORDER BY received_on, number OFFSET 49950 LIMIT 1
                """)[0]!
            for mode in ["force_custom_plan", "force_generic_plan"] {
                try await database.session.execute("SET plan_cache_mode = \(mode)")
                var blocks: [Int] = []
                for place in ["'-infinity', ''", thousandth] {
                    let plan = try await plan(of: statement, "1, \(filter), 51, \(place)")
                    plan.expectWalk(of: index, costs: costs)
                    blocks.append(plan.blocks)
                }
                #expect(blocks[0] < mostBlocks, "\(statement.name): \(blocks)")
                #expect(abs(blocks[0] - blocks[1]) <= max(4, blocks[0] / 4), "\(statement.name): \(blocks)")
            }
        }
        let byOffset: [(List, String)] = [
            (.pendingByOffset, "charge_pending_idx"), (.processedByOffset, "charge_processed_idx"),
        ]
        for (statement, index) in byOffset {
            try await prepare(statement, "bigint, text, bigint, bigint")
            try await database.session.execute("SET plan_cache_mode = force_custom_plan")
            let plan = try await plan(of: statement, "1, NULL, 51, 100")
            plan.expectWalk(of: index, costs: 10...500)
        }
    }

    /// No index of a charge names what a decision sets, so that no index has to be changed.
    @Test(.database) func decidingIsAHOTUpdate() async throws {
        try await database.addCharges(20, prefix: "N")
        try await database.session.execute(
            """
            BEGIN;
            SELECT countersign.decide(gen_random_uuid(), 0, array_agg(1::bigint),
                array_agg('infinity'::timestamptz), array_agg('x'::text), array_agg(NULL::text),
                array_agg('ACCEPTED'::text), array_agg('N' || i), array_agg('cN' || i), array_agg('R' || i))
            FROM generate_series(1, 20) AS i
            """)
        let updated = try await database.session.count(
            "SELECT pg_stat_get_xact_tuples_hot_updated('countersign.charge'::regclass)")
        #expect(updated == 20)
        try await database.session.execute("COMMIT")
    }

    private func prepare(_ statement: List, _ types: String) async throws {
        try await database.session.execute("PREPARE \(statement.name) (\(types)) AS \(statement.sql)")
    }

    private func plan(of statement: List, _ values: String) async throws -> Plan {
        let text = try await database.session.texts(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE \(statement.name) (\(values))")[0]!
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        return Plan(root: parsed?[0]["Plan"] as? [String: Any] ?? [:], text: text)
    }
}

/// What PostgreSQL does for a statement.
private struct Plan {
    let root: [String: Any]
    let text: String

    /// The blocks that were looked at.
    var blocks: Int {
        (root["Shared Hit Blocks"] as? Int ?? 0) + (root["Shared Read Blocks"] as? Int ?? 0)
    }

    /// Charges come from an index in its order; nothing is sorted, and the cost is neither high nor that of an empty
    /// table.
    func expectWalk(of index: String, costs: ClosedRange<Double>) {
        let nodes = Self.nodes(root)
        let scans = nodes.filter { $0["Relation Name"] as? String == "charge" }
        #expect(scans.map { $0["Node Type"] as? String } == ["Index Scan"], "\(text)")
        #expect(scans.map { $0["Index Name"] as? String } == [index], "\(text)")
        #expect(!nodes.contains { ($0["Node Type"] as? String)?.contains("Sort") ?? true }, "\(text)")
        #expect(costs.contains(root["Total Cost"] as? Double ?? 0), "\(text)")
    }

    private static func nodes(_ node: [String: Any]) -> [[String: Any]] {
        [node] + (node["Plans"] as? [[String: Any]] ?? []).flatMap(nodes)
    }
}
