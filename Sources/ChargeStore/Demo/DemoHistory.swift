/// The statements that add to the demo data, in two transactions. Every choice depends on a charge's number alone, so
/// that the data are the same each time.
enum DemoHistorySQL {
    static let script =
        "BEGIN;"
        + [
            firstDecisions, policies, changedMinds, replacedPolicies, second, currentDecisions, outcomes,
            acknowledgements, taken, failed, days,
        ]
        .joined(separator: ";\n") + ";\nCOMMIT;\nBEGIN;" + publication + ";\nCOMMIT"

    /// The number of days before today that have a statement of their own. What is older is in the first one.
    private static let statementDays = 14
    /// The day on which something was done, in UTC, as the statements of the demo have it.
    private static let day =
        "date_trunc('day', greatest(made_on, now() - interval '\(statementDays) days'), 'UTC')"

    /// The logins that decide, in turns.
    private static let username = "(ARRAY['demo', 'anna', 'key:billing'])[1 + abs(hashtext(number) % 3)]"

    private static func add(
        revision: String, kind: String, madeBy: String = "'operator'", username: String = username,
        madeOn: String, reference: String = "NULL", from: String
    ) -> String {
        """
        WITH batch AS MATERIALIZED (SELECT gen_random_uuid() AS batch_id), history AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, username, made_on, reference_number, takes_reference,
                batch_id)
            SELECT
                operator_id, number, \(revision), \(kind), \(madeBy), \(username), \(madeOn),
                \(reference), \(reference) IS NOT NULL, batch.batch_id
            FROM \(from) CROSS JOIN batch
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM history GROUP BY batch_id
        """
    }

    /// The update that puts the imported decisions on processed charges into the feed. To an import they are history from
    /// elsewhere; in the demo they were made here.
    private static let firstDecisions = """
        SET LOCAL session_replication_role = replica;
        UPDATE countersign.charge_history SET batch_id = '00000000-0000-0000-0000-000000000001'
        WHERE batch_id = '00000000-0000-0000-0000-000000000000' AND kind <> 'ACKNOWLEDGED';
        SET LOCAL session_replication_role = origin;
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM countersign.charge_history
        WHERE batch_id = '00000000-0000-0000-0000-000000000001'
        GROUP BY batch_id
        """

    /// The policies' decisions on the charges whose window has passed.
    private static let policies = add(
        revision: "1",
        kind: "CASE undecided_policy WHEN 'accept' THEN 'ACCEPTED' ELSE 'DECLINED' END",
        madeBy: "'policy'", username: "NULL", madeOn: "received_on + undecided_window",
        from: """
            (SELECT charge.*, undecided_policy, undecided_window
            FROM countersign.charge JOIN countersign.operator USING (operator_id)
            WHERE charge_status = 'PENDING' AND decision IS NULL AND undecided_policy <> 'hold'
                AND received_on + undecided_window < now()) AS charge
            """)

    /// The changed decisions: one charge in forty was decided otherwise a little later.
    private static let changedMinds = add(
        revision: "2", kind: "CASE kind WHEN 'ACCEPTED' THEN 'DECLINED' ELSE 'ACCEPTED' END",
        madeOn: "made_on + interval '2 minutes'",
        reference: "CASE WHEN number LIKE '%00' THEN code || '-R-' || number END",
        from: """
            (SELECT history.*, code
            FROM countersign.charge_history AS history JOIN countersign.operator USING (operator_id)
            WHERE made_by = 'operator' AND right(number, 3)::integer % 40 = 0) AS changed
            """)

    /// The replaced decisions: the operator's own decision replaced one in four of a policy's.
    private static let replacedPolicies = add(
        revision: "2", kind: "'ACCEPTED'", madeOn: "made_on + interval '3 hours'",
        from: """
            (SELECT * FROM countersign.charge_history
            WHERE made_by = 'policy' AND right(number, 2)::integer % 4 = 0
                AND made_on + interval '3 hours' < now()) AS replaced
            """)

    /// The decisions that were changed back, on charges that the provider has processed by the first decision.
    private static let second = add(
        revision: "3", kind: "first.kind", username: "'demo'", madeOn: "first.made_on + interval '3 minutes'",
        from: """
            (SELECT history.operator_id, history.number, history.kind, history.made_on
            FROM countersign.charge_history AS history
            JOIN countersign.charge USING (operator_id, number)
            JOIN countersign.charge_history AS later
                ON later.operator_id = history.operator_id AND later.number = history.number AND later.revision = 2
            WHERE history.revision = 1 AND charge.charge_status IN ('APPROVED', 'DECLINED')) AS first
            """)

    /// The update that makes the last decision of a charge the current one.
    ///
    /// Of a charge that was processed or changed twice no node could make it now, so that the triggers are off meanwhile.
    private static let currentDecisions = """
        SET LOCAL session_replication_role = replica;
        UPDATE countersign.charge
        SET revision = last.revision, decision = last.kind, decided_on = last.made_on,
            decision_made_by = last.made_by, decision_reference_number = last.reference_number
        FROM (
            SELECT DISTINCT ON (operator_id, number) *
            FROM countersign.charge_history ORDER BY operator_id, number, revision DESC
        ) AS last
        WHERE charge.operator_id = last.operator_id AND charge.number = last.number
            AND charge.revision <> last.revision;
        SET LOCAL session_replication_role = origin
        """

    /// The outcomes of the processed charges, which the provider gave here.
    private static let outcomes = """
        WITH batch AS MATERIALIZED (SELECT gen_random_uuid() AS batch_id), given AS (
            INSERT INTO countersign.charge_outcome (operator_id, number, outcome, made_on, batch_id)
            SELECT operator_id, number, charge_status, coalesce(
                set_as_approved_on, set_as_declined_on, set_as_bad_request_on, set_as_rejected_request_on), batch_id
            FROM countersign.charge CROSS JOIN batch WHERE charge_status <> 'PENDING'
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions) SELECT DISTINCT batch_id, 0 FROM given
        """

    /// The update that makes the imported acknowledgements events of their own, after the outcomes.
    private static let acknowledgements = """
        SET LOCAL session_replication_role = replica;
        UPDATE countersign.charge_history SET batch_id = '00000000-0000-0000-0000-000000000002'
        WHERE batch_id = '00000000-0000-0000-0000-000000000000';
        SET LOCAL session_replication_role = origin;
        INSERT INTO countersign.batch (batch_id, decisions) VALUES ('00000000-0000-0000-0000-000000000002', 0)
        """

    private static let taken = """
        UPDATE countersign.charge SET taken_on = least(now(), decided_on + interval '20 minutes')
        WHERE charge_status = 'PENDING' AND decision IS NOT NULL AND right(number, 1) IN ('3', '7')
        """

    private static let failed = """
        INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
        SELECT
            operator_id, date_trunc('hour', now() - make_interval(days => day, hours => place::integer), 'UTC'),
            CASE place % 3 WHEN 0 THEN 'DECLINED' ELSE 'ACCEPTED' END, error_code,
            1 + (day * 7 + place * operator_id) % 23 / place
        FROM countersign.operator
        CROSS JOIN generate_series(0, 89) AS day
        CROSS JOIN unnest(ARRAY[
            'CHARGE_ALREADY_ACCEPTED', 'REFERENCE_NUMBER_IN_USE', 'CHARGE_ALREADY_PROCESSED', 'CHARGE_NOT_FOUND',
            'CUSTOMER_MISMATCH', 'CHARGE_LOCKED']) WITH ORDINALITY AS failure (error_code, place)
        WHERE (day + place * operator_id) % (place + 1) = 0 OR (day + place) % 3 = 0
        """

    /// The batches: one for the decisions of each day, their changes, and the outcomes, in this order, so that the feed
    /// and the statements have what was done in the order in which it was done.
    private static let days = """
        SET LOCAL session_replication_role = replica;
        UPDATE countersign.charge_history
        SET batch_id = md5(concat_ws(' ', \(day), least(revision, 3)))::uuid
        WHERE kind <> 'ACKNOWLEDGED';
        UPDATE countersign.charge_outcome SET batch_id = md5(concat_ws(' ', \(day), 'outcomes'))::uuid;
        DELETE FROM countersign.unpublished_batch;
        DELETE FROM countersign.batch;
        SET LOCAL session_replication_role = origin;
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, decisions
        FROM (
            SELECT batch_id, \(day) AS day, least(revision, 3) AS place, count(*) AS decisions
            FROM countersign.charge_history WHERE kind <> 'ACKNOWLEDGED' GROUP BY 1, 2, 3
            UNION ALL
            SELECT DISTINCT batch_id, \(day), 4, 0 FROM countersign.charge_outcome
        ) AS batch
        ORDER BY day, place
        """

    /// The publication of what was done, each day's at its end, as if the operators had been here since. The triggers are
    /// off, since no node can set back a time.
    private static let publication = """
        SELECT countersign.publish_decisions(0);
        SET LOCAL session_replication_role = replica;
        UPDATE countersign.event_batch SET published_on = batch.day + interval '23:59:59'
        FROM (
            SELECT DISTINCT batch_id, \(day) AS day FROM countersign.charge_history
            UNION
            SELECT DISTINCT batch_id, \(day) FROM countersign.charge_outcome
        ) AS batch
        WHERE batch.batch_id = event_batch.batch_id AND batch.day < date_trunc('day', now(), 'UTC');
        UPDATE countersign.published_batch SET published_on = event_batch.published_on
        FROM countersign.event_batch WHERE event_batch.batch_id = published_batch.batch_id;
        UPDATE countersign.operator
        SET created_on = date_trunc('day', now() - interval '\(statementDays) days', 'UTC'),
            undecided_counts_from = date_trunc('day', now() - interval '\(statementDays) days', 'UTC');
        UPDATE countersign.statement_schedule
        SET next_end_on = date_trunc('day', now() - interval '\(statementDays - 1) days', 'UTC');
        UPDATE countersign.charge SET imported_on = received_on;
        SET LOCAL session_replication_role = origin
        """
}

extension AdministrationSession {
    /// Adds to the charges of `countersign dev` what an import cannot: changed decisions, policies' decisions, charges
    /// that the provider has taken, and counts of failed items. It needs a superuser's rights, and no decisions
    /// but imported ones.
    package func addDemoHistory() throws(AdministrationFailure) {
        try execute(DemoHistorySQL.script, doing: "making the demo data")
    }
}
