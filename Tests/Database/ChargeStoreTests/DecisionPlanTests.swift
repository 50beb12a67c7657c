import Charges
import ConnectionPool
import LibPQ
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of the plans of decisions: they find every charge by its key, in the order of the items, whatever the tables
/// held when the plan was made. A node keeps its plans, and tables grow.
@Suite struct DecisionPlanTests {
    private let database = TestDatabase.current!

    /// A charge is looked up a second time, to be locked, if another session may hold it.
    private static let byKeys = [
        "Function Scan", "charge_history_operator_id_reference_number_key", "charge_pkey", "charge_pkey",
    ]
    private static let explainingByKeys = [
        "Function Scan", "charge_pkey", "charge_history_operator_id_reference_number_key",
        "charge_history_pkey",
    ]

    @Test("Decision statements look charges up by their keys, however large the tables are", .database)
    func chargesAreLookedUpByTheirKeys() async throws {
        try await expectKeys("empty")
        for (charges, operators) in [(3, 3), (60, 2), (300, 300), (20_000, 300)] {
            try await fill(charges, operators)
            try await expectKeys("\(charges) charges of \(operators), never analyzed")
            try await database.session.execute("ANALYZE")
            try await expectKeys("\(charges) charges of \(operators)")
        }
        try await database.session.execute(
            """
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()
            WHERE operator_id % 3 = 0
            """)
        try await expectKeys("some processed, not analyzed since")
        // VACUUM must run outside of a transaction, and so alone.
        try await database.session.execute("VACUUM (ANALYZE) countersign.charge")
        try await expectKeys("some processed")
    }

    @Test(
        "A node's session raises a durability that is too low", .database,
        arguments: [("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")])
    func durabilityIsRaised(given: String, expected: String) async throws {
        try await database.session.execute(
            "ALTER DATABASE \"\(database.name)\" SET synchronous_commit = \(given)")
        try await database.withStore { store in
            let level = try await store.pool.withConnection(deadline: .now + .patience) {
                lease throws(PostgresError) in
                let show = Statement<Void, String>("", "SELECT current_setting('synchronous_commit')")
                return try lease.connection.run(show, (), deadline: .now + .patience)
            }
            #expect(level == [expected])
        }
    }

    /// No index of a charge names a column that a decision sets, and its page has room for the next version, so no
    /// index has to be changed.
    @Test("A decision is a HOT update", .database)
    func decidingIsAHOTUpdate() async throws {
        try await database.addCharges(2000, prefix: "N")
        try await database.withStore { store in
            for call in 0..<40 {
                let items = (1...50).map {
                    DecisionItem.charge("N\(call * 50 + $0)", reference: "R\(call * 50 + $0)")
                }
                let outcomes = try await store.decisions.decide(.accepting(items))
                #expect(outcomes.allSatisfy { $0.text == "OK" })
            }
        }
        // The node's sessions report their counts when they end.
        let updates = "SELECT %@ FROM pg_stat_user_tables WHERE relname = 'charge'"
        try await database.session.wait(until: "(\(updates.replacing("%@", with: "n_tup_upd"))) >= 2000")
        let hot = try await database.session.count(updates.replacing("%@", with: "n_tup_hot_upd"))
        #expect(hot > 1800)
    }

    private func fill(_ charges: Int, _ operators: Int) async throws {
        try await database.session.execute(
            """
            -- The operators need not be there.
            SET session_replication_role = replica;
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date)
            SELECT
                i % \(operators) + 1, 'N' || i, 'P' || i, 'c' || i, 9.90, 'USD', 9.10, 'EUR', '2026-12-01'
            FROM generate_series(1, \(charges)) AS i
            ON CONFLICT DO NOTHING;
            SET session_replication_role = origin
            """)
    }

    /// Checks the plans on a new connection of a node.
    private func expectKeys(_ state: String) async throws {
        try await database.withStore { store in
            let plans = try await store.pool.withConnection(deadline: .now + .patience) {
                lease throws(PostgresError) in
                let nothing = DecisionBatch([])
                let deadline = ContinuousClock.now + .patience
                _ = try lease.connection.run(.decideBatch, nothing, deadline: deadline)
                _ = try lease.connection.run(.acknowledgeBatch, nothing, deadline: deadline)
                _ = try lease.connection.run(.explainRefusal, [], deadline: deadline)
                _ = try lease.connection.run(.expectedOutcomes, [], deadline: deadline)
                return [
                    try lease.plan(of: "decide_batch", parameters: 9),
                    try lease.plan(of: "acknowledge_batch", parameters: 9),
                    try lease.plan(of: "explain_refusal", parameters: 7),
                    try lease.plan(of: "expected_outcomes", parameters: 7),
                ]
            }
            #expect(try Plan(plans[0]).scans.sorted() == Self.byKeys.sorted(), "\(state): \(plans[0])")
            #expect(try Plan(plans[1]).scans.sorted() == Self.byKeys.sorted(), "\(state): \(plans[1])")
            #expect(try Plan(plans[2]).scans == Self.explainingByKeys, "\(state): \(plans[2])")
            #expect(try Plan(plans[3]).scans == Self.explainingByKeys, "\(state): \(plans[3])")
        }
    }
}

extension StoreConnection {
    /// The plan of a statement that is prepared on this connection.
    fileprivate func plan(of name: String, parameters count: Int) throws(PostgresError) -> String {
        let values = Array(repeating: "NULL", count: count).joined(separator: ", ")
        let explain = Statement<Void, String>(
            "", "EXPLAIN (FORMAT JSON) EXECUTE \(raw: name) (\(raw: values))")
        return try connection.run(explain, (), deadline: .now + .patience).first ?? ""
    }
}
