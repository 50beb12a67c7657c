import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of policies, which decide the charges that operators leave undecided: once, and only when they are due.
@Suite struct PolicyTests {
    private let database = TestDatabase.current!

    /// Prepares charges of ACME, which accepts by policy after an hour, and has done so for two; its charges arrived
    /// three hours ago.
    private func prepare(_ count: Int, policy: String = "accept") async throws {
        try await database.addCharges(count, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.operator SET undecided_policy = '\(policy)', undecided_window = '1 hour'
            WHERE code = 'ACME';
            UPDATE countersign.operator SET undecided_counts_from = now() - interval '2 hours';
            UPDATE countersign.charge SET received_on = now() - interval '3 hours'
            """)
    }

    private func set(_ assignment: String, of table: String = "operator") async throws {
        try await database.session.execute("UPDATE countersign.\(table) SET \(assignment)")
    }

    private var decidedCount: Int {
        get async throws {
            try await database.session.count(
                "SELECT count(*) FROM countersign.charge WHERE decision_made_by = 'policy'")
        }
    }

    @Test(
        "A policy decides a due charge once, as its setting says",
        .database,
        arguments: [("accept", "ACCEPTED"), ("decline", "DECLINED"), ("hold", nil)] as [(String, String?)])
    func aPolicyDecidesAsItSays(policy: String, decision: String?) async throws {
        try await prepare(1, policy: policy)
        try await database.withStore { (store: Store) async throws in
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == (decision == nil ? 0 : 1))
            #expect(await store.policies.decide() == 0)
        }
        #expect(
            try await database.session.texts(
                """
                SELECT history.kind FROM countersign.charge_history AS history
                JOIN countersign.charge USING (operator_id, number, revision)
                JOIN countersign.batch USING (batch_id)
                WHERE history.made_by = 'policy' AND history.kind = charge.decision AND username IS NULL
                """) == (decision.map { [$0] } ?? []))
    }

    @Test("Two nodes that run policies at once decide each charge once", .database)
    func twoNodesAtOnceDecideEachChargeOnce() async throws {
        try await prepare(3000)
        let stores = try [database.makeStore(), database.makeStore()]
        await stores[0].policies.heartbeat()
        let counts = await withTaskGroup { group in
            for store in stores + stores { group.addTask { await store.policies.decide() } }
            return await group.reduce(0, +)
        }
        // One node passes over the charges that another holds; the next pass finds them decided, or decides them.
        #expect(await counts + stores[0].policies.decide() == 3000)
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 3000)
        for store in stores { await store.shutdown(deadline: .now + .patience) }
    }

    @Test("A policy never replaces an operator's decision", .database)
    func anOperatorsDecisionIsNeverReplaced() async throws {
        try await prepare(2)
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.decide("N1", .declined) == "OK")
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 1)
            // An operator's decision replaces a policy's, also one of the same kind.
            #expect(try await store.decide("N2") == "OK")
            #expect(await store.policies.decide() == 0)
        }
        #expect(
            try await database.session.texts(
                """
                SELECT concat_ws(' ', number, revision::text, kind, made_by)
                FROM countersign.charge_history ORDER BY 1
                """) == [
                    "N1 1 DECLINED operator", "N2 1 ACCEPTED policy", "N2 2 ACCEPTED operator",
                ])
    }

    @Test("The window counts from the latest of arrival, policy change and end of suspension", .database)
    func theWindowCountsFromTheLatest() async throws {
        try await prepare(1)
        try await database.withStore { (store: Store) async throws in
            await store.policies.heartbeat()
            try await set("received_on = now()", of: "charge")
            #expect(await store.policies.decide() == 0)
            try await set("received_on = now() - interval '3 hours'", of: "charge")
            try await set("undecided_policy = 'decline'")
            #expect(await store.policies.decide() == 0)
            try await set("undecided_counts_from = now() - interval '3 hours'")
            try await set("undecided_window = '2 hours'")
            #expect(await store.policies.decide() == 0)
            try await set("undecided_counts_from = now() - interval '3 hours'")
            try await set("suspended_on = now()")
            #expect(await store.policies.decide() == 0)
            try await set("suspended_on = NULL")
            #expect(await store.policies.decide() == 0)
            try await set("undecided_counts_from = now() - interval '2 hours'")
            // A change of another setting does not move the window.
            try await set("currency = 'SEK', undecided_policy = 'decline'")
            #expect(await store.policies.decide() == 1)
        }
    }

    @Test("Policies rest for an hour after an outage", .database)
    func noPolicyActsInTheHourAfterAnOutage() async throws {
        try await prepare(1)
        try await database.withStore { (store: Store) async throws in
            // There has been no heartbeat yet.
            #expect(await store.policies.decide() == 0)
            await store.policies.heartbeat()
            // The last heartbeat is too old: whichever node looks first, it was an outage.
            try await set("last_heartbeat_on = now() - interval '61 seconds'", of: "heartbeat")
            #expect(await store.policies.decide() == 0)
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 0)
            try await set("outage_ended_on = now() - interval '59 minutes'", of: "heartbeat")
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 0)
            try await set("outage_ended_on = now() - interval '60 minutes'", of: "heartbeat")
            // A gap of less than a minute is no outage.
            try await set("last_heartbeat_on = now() - interval '50 seconds'", of: "heartbeat")
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 1)
        }
        #expect(try await decidedCount == 1)
    }

    @Test("A locked charge is left to the policy's next pass", .database)
    func whatIsHeldIsLeftToTheNextPass() async throws {
        try await prepare(2)
        let holder = try await database.sessionLocking(charge: "N1")
        try await database.withStore { (store: Store) async throws in
            await store.policies.heartbeat()
            #expect(await store.policies.decide() == 1)
            try await holder.execute("ROLLBACK")
            #expect(await store.policies.decide() == 1)
        }
        await holder.close()
    }
}
