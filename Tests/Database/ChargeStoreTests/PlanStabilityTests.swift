import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests that calls read what they need, and no more, whatever the statistics said when their plans were made, and
/// whatever the planner settings of the database are. Nodes keep their plans, and tables grow.
///
/// The server itself counts what is read, so that statements inside functions are measured as they are.
@Suite struct PlanStabilityTests {
    private let database = TestDatabase.current!

    /// The state in which a node's connections make their plans.
    enum Start: String, CaseIterable {
        case emptyAnalyzed, withoutReferencesAnalyzed, neverAnalyzed
    }

    @Test(
        "Calls on a large table read by keys, whatever it held when they were planned", .database,
        arguments: Start.allCases)
    func plansOutliveStatistics(start: Start) async throws {
        try await measure(start)
    }

    @Test("Calls read by keys under every planner setting turned round", .database)
    func plansIgnoreSettings() async throws {
        try await turnSettingsRound()
        try await measure(.neverAnalyzed)
    }

    @Test("Calls read by keys under every planner setting turned round, planned on empty tables", .database)
    func plansIgnoreSettingsOnEmptyTables() async throws {
        try await turnSettingsRound()
        try await measure(.emptyAnalyzed)
    }

    /// Turns round every flag of the planner for the whole database, and makes looking up dear.
    private func turnSettingsRound() async throws {
        try await database.session.execute(
            """
            DO $$
            DECLARE flag record;
            BEGIN
                FOR flag IN
                    SELECT name, CASE setting WHEN 'on' THEN 'off' ELSE 'on' END AS other
                    FROM pg_settings WHERE name LIKE 'enable\\_%' AND context = 'user'
                    UNION ALL VALUES ('random_page_cost', '10000'), ('cpu_index_tuple_cost', '1000'),
                        ('plan_cache_mode', 'force_custom_plan'), ('join_collapse_limit', '1'),
                        ('from_collapse_limit', '1'), ('DateStyle', 'SQL, DMY'), ('lock_timeout', '1'),
                        ('default_transaction_isolation', 'serializable'), ('transform_null_equals', 'on')
                LOOP
                    EXECUTE format(
                        'ALTER DATABASE %I SET %I = %L', current_database(), flag.name, flag.other);
                END LOOP;
            END
            $$
            """)
    }

    private func measure(_ start: Start) async throws {
        try await database.stopAutovacuum()
        try await prepare(start)
        try await database.withStore { store in
            // Each statement is planned on its first run.
            try await callAll(store, "W", expecting: false)
            try await fill()
            let before = try await reads()
            try await callAll(store, "N", expecting: true)
            // The node's sessions report their counts when they end.
            await store.shutdown(deadline: .now + .patience)
            try await database.session.wait(
                until: """
                    NOT EXISTS (
                        SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND usename = 'countersign_node')
                    """)
            let after = try await reads().map { name, count in (name, count - (before[name] ?? 0)) }
            let excessive = after.filter { $1 >= 6000 }.map { "\($0) \($1)" }
            #expect(excessive.isEmpty, "\(start)")
            #expect(after.contains { $0 == "charge_pkey" && $1 > 300 }, "\(start): \(after)")
        }
    }

    private func prepare(_ start: Start) async throws {
        switch start {
        case .emptyAnalyzed, .neverAnalyzed: break
        case .withoutReferencesAnalyzed:
            try await database.addCharges(20_000, prefix: "S")
            try await database.session.execute(
                """
                INSERT INTO countersign.charge_history
                    (operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
                SELECT operator_id, number, 1, 'ACCEPTED', 'operator', now(), false, gen_random_uuid()
                FROM countersign.charge
                """)
        }
        if start != .neverAnalyzed { try await database.session.execute("ANALYZE") }
    }

    /// Makes the tables large, without telling the planner.
    private func fill() async throws {
        try await database.addCharges(20_000, prefix: "N")
        try await database.addCharges(20_000, prefix: "M", operatorIdentifier: 2)
        try await database.session.execute(
            """
            UPDATE countersign.charge SET provider_charge_id = 'P' || number WHERE number LIKE 'N%';
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT operator_id, number, 7, 'ACCEPTED', 'operator', now(), 'R' || number, true, gen_random_uuid()
            FROM countersign.charge WHERE number LIKE 'M%' OR number > 'N5'
            """)
    }

    /// Makes every call of the operators and the provider.
    ///
    /// - Parameter expecting: Whether the charges are there.
    private func callAll(_ store: Store, _ prefix: String, expecting: Bool) async throws {
        let numbers = (1...50).map { "\(prefix)\($0)" }
        let items = numbers.map { DecisionItem.charge($0, reference: "Q" + $0) }
        func decide(_ call: DecisionCall, _ expected: String) async throws {
            let outcomes = try await store.decisions.decide(call).map(\.text)
            if expecting { #expect(Set(outcomes) == [expected]) }
        }
        _ = try await store.decisions.dryRun(.accepting(items))
        try await decide(.accepting(items), "OK")
        try await decide(.accepting(items), "CHARGE_ALREADY_ACCEPTED")
        try await decide(.accepting(items, decision: .declined, idempotencyKey: "key"), "OK")
        let taken = numbers.map { ProcessingCall.Item.charge($0, 2) }
        let took = try await store.process(.take, taken)
        if expecting { #expect(Set(took) == ["OK"]) }
        _ = try await store.process(.release, taken)
        _ = try await store.process(.outcome, numbers.map { .charge($0, outcome: "REJECTED") })
        try await decide(.call(.acknowledge, items), "OK")
        _ = try await store.ingest(numbers.map { .charge("New" + $0) } + numbers.map { .charge("P" + $0) })
        for isProcessed in [false, true] {
            func list(
                _ start: ChargeListQuery.Start, decision: DecisionFilter? = nil, customer: ExactText? = nil
            ) async throws {
                _ = try await store.charges.page(
                    ChargeListQuery(
                        operatorIdentifier: OperatorIdentifier(1),
                        filter: ChargeListFilter(
                            isProcessed: isProcessed, decision: decision, customer: customer),
                        start: start, count: 50, deadline: .now + .patience))
            }
            try await list(.after(nil))
            try await list(.after(nil), decision: .undecided)
            try await list(.after(nil), customer: ExactText("c\(numbers[0])"))
            try await list(.offset(0), customer: ExactText("c\(numbers[0])"))
        }
        for order in ChargeSearchOrder.allCases {
            func search(_ change: (inout ChargeSearchFilter) -> Void) async throws {
                var filter = ChargeSearchFilter()
                change(&filter)
                _ = try await store.chargeSearches.page(
                    ChargeSearch(
                        operatorIdentifier: OperatorIdentifier(1), filter: filter, order: order,
                        deadline: .now + .patience))
            }
            try await search { _ in }
            try await search { $0.isAcknowledged = true }
            try await search { $0.status = .status(.rejected) }
            try await search { $0.customer = ExactText("c\(numbers[0])") }
            try await search { $0.number = ExactText(numbers[0]) }
            try await search { $0.referenceNumber = "RN9" }
        }
        for name in [ChargeName.number(ExactText(numbers[0])), .referenceNumber("RN9")] {
            _ = try await store.charges.charge(
                named: name, of: OperatorIdentifier(1), deadline: .now + .patience)
        }
        _ = try await store.read(.beginning, limit: 100)
    }

    /// The number of rows that the server has read by scanning each table, and of entries that it has read in each
    /// index.
    private func reads() async throws -> [String: Int] {
        try await database.session.execute("SELECT pg_stat_clear_snapshot(), pg_stat_force_next_flush()")
        let counts = try await database.session.texts(
            """
            SELECT relname || ' ' || coalesce(seq_tup_read, 0) FROM pg_stat_user_tables
            WHERE schemaname = 'countersign' AND relname ~ 'charge|batch'
            UNION ALL
            SELECT indexrelname || ' ' || coalesce(idx_tup_read, 0) FROM pg_stat_user_indexes
            WHERE schemaname = 'countersign' AND relname ~ 'charge|batch'
            """)
        let pairs = counts.compactMap { $0?.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Int($0[1]) ?? 0) })
    }
}
