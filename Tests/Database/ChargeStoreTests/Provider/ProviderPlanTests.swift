import ChargeStore
import TestSupport
import Testing

/// Tests of the cost of background work and of the provider's calls on a large table: they read what they need, by
/// indexes. The server itself counts, so that the statements inside the functions are measured as they are.
@Suite struct ProviderPlanTests {
    private let database = TestDatabase.current!

    /// The reads of a script in one transaction: rows found by scanning whole tables, and rows found by an index.
    private func reads(_ script: String) async throws -> (scanned: Int, fetched: Int) {
        let counted =
            "countersign.charge, countersign.charge_history, countersign.batch, "
            + "countersign.published_batch, countersign.unpublished_batch"
        func sum(_ column: String) async throws -> Int {
            try await database.session.count(
                """
                SELECT sum(coalesce(\(column), 0)) FROM pg_stat_xact_all_tables
                WHERE relid::regclass::text = ANY (string_to_array('\(counted)', ', '))
                """)
        }
        // The session's counters include work that it has not reported yet, so the difference is measured.
        try await database.session.execute("BEGIN")
        let before = (try await sum("seq_tup_read"), try await sum("idx_tup_fetch"))
        try await database.session.execute(script)
        let after = (try await sum("seq_tup_read"), try await sum("idx_tup_fetch"))
        try await database.session.execute("COMMIT")
        return (after.0 - before.0, after.1 - before.1)
    }

    private func fill() async throws {
        try await database.addCharges(120_000, prefix: "N")
        try await database.session.execute(
            """
            UPDATE countersign.operator SET undecided_policy = 'accept', undecided_window = '1 hour';
            UPDATE countersign.operator SET undecided_counts_from = now() - interval '2 hours';
            UPDATE countersign.heartbeat SET last_heartbeat_on = now();
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now(),
                received_on = now() - interval '3 hours' WHERE number > 'N1';
            INSERT INTO countersign.charge_history
                (operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
            SELECT operator_id, number, 1, 'ACCEPTED', 'operator', now(), false,
                ('00000000-0000-4000-8000-' || lpad((substr(number, 2)::integer / 100)::text, 12, '0'))::uuid
            FROM countersign.charge;
            INSERT INTO countersign.batch (batch_id, decisions)
            SELECT batch_id, count(*) FROM countersign.charge_history GROUP BY batch_id;
            SELECT countersign.publish_decisions(0);
            """)
        try await database.addCharges(300, prefix: "P")
        try await database.session.execute(
            """
            UPDATE countersign.charge SET received_on = now() - interval '3 hours' WHERE number LIKE 'P%'
            """)
        for table in [
            "charge", "charge_history", "charge_outcome", "batch", "published_batch", "unpublished_batch",
            "event_batch",
        ] {
            try await database.session.execute("VACUUM ANALYZE countersign.\(table)")
        }
    }

    @Test("Policy, publisher and processing read by indexes alone", .database)
    func nothingScansAWholeTable() async throws {
        try await fill()
        let policy = try await reads(
            "SELECT countersign.decide_undecided(gen_random_uuid(), 1, '-infinity', '', 100)")
        #expect(policy.scanned == 0 && (100...1000).contains(policy.fetched), "\(policy)")

        let publishing = try await reads("SELECT countersign.publish_decisions(0)")
        #expect(publishing.scanned == 0 && (100...1000).contains(publishing.fetched), "\(publishing)")
        let nothing = try await reads("SELECT countersign.publish_decisions(0)")
        #expect(nothing.scanned == 0 && nothing.fetched < 10, "\(nothing)")

        let processing = try await reads(
            """
            SELECT countersign.process(
                'outcome', 0, 'infinity', array_agg('ACME'::text), array_agg('P' || i), array_agg(NULL::integer),
                array_agg('REJECTED'::text))
            FROM generate_series(1, 100) AS i
            """)
        #expect(processing.scanned == 0 && (100...1000).contains(processing.fetched), "\(processing)")
    }
}
