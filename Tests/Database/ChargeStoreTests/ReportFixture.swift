import ChargeStore

/// Data for reports: three months, two operators, all kinds of charges.
enum ReportFixture {
    /// The statements that make the given number of charges.
    static func script(charges: Int) -> String {
        """
        INSERT INTO countersign.charge (
            operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
            local_currency_amount, local_currency, paid_through_date, charge_status, received_on,
            set_as_approved_on, taken_on, acknowledged_on, revision, decision, decided_on, decision_made_by,
            decision_reference_number)
        SELECT
            1 + i % 2, 'I' || lpad(i::text, 8, '0'), 'nf' || i, 'c' || i / 5, 9.99, 'USD', 9.10,
            (ARRAY['EUR', 'CHF'])[1 + i % 2], '2026-12-01', CASE WHEN i % 10 < 6 THEN 'APPROVED' ELSE 'PENDING' END, moment,
            CASE WHEN i % 10 < 6 THEN moment + interval '2 hours' END,
            CASE WHEN i % 10 = 7 THEN moment + interval '1 hour' END,
            CASE WHEN i % 10 < 4 THEN moment + interval '3 hours' END,
            CASE WHEN i % 10 < 9 THEN 1 ELSE 0 END, CASE WHEN i % 10 < 9 THEN 'ACCEPTED' END,
            CASE WHEN i % 10 < 9 THEN moment + interval '30 minutes' END,
            CASE WHEN i % 10 < 9 THEN 'operator' END, CASE WHEN i % 10 < 8 THEN 'R-' || i END
        FROM (
            SELECT i, now() - make_interval(secs => (\(charges) - i) * 90.0 * 86400 / \(charges)) AS moment
            FROM generate_series(1, \(charges)) AS i
        ) AS made;
        INSERT INTO countersign.charge_history (
            operator_id, number, revision, kind, made_by, username, made_on, reference_number, takes_reference,
            batch_id)
        SELECT
            operator_id, number, 1, decision, decision_made_by, 'demo', decided_on, decision_reference_number,
            decision_reference_number IS NOT NULL, gen_random_uuid()
        FROM countersign.charge WHERE revision = 1;
        INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
        SELECT 1 + i % 2, date_trunc('hour', now() - make_interval(hours => i), 'UTC'), 'ACCEPTED', 'CHARGE_LOCKED', i
        FROM generate_series(1, 2160) AS i;
        INSERT INTO countersign.statement (
            operator_id, number, begins_on, ends_on, first_event_number, last_event_number)
        SELECT 1 + i % 2, 1 + i / 2, now() - make_interval(days => 91 - i / 2), now() - make_interval(days => 90 - i / 2), 1, 0
        FROM generate_series(0, 179) AS i;
        INSERT INTO countersign.statement_total (
            operator_id, number, event, currency, local_currency, events, amount, local_currency_amount)
        SELECT operator_id, number, event, 'USD', 'EUR', 10, 99.90, 91.00
        FROM countersign.statement, unnest(ARRAY['DECISION_ACCEPTED', 'OUTCOME_APPROVED', 'ACKNOWLEDGED']) AS event;
        INSERT INTO countersign.reconciliation (
            operator_id, number, state, begins_on, ends_on, decision, format, worker, created_on, finished_on)
        SELECT 1 + i % 2, 1 + i / 2, 'DONE', now() - interval '90 days', now(), 'ACCEPTED', 'csv', gen_random_uuid(),
            now() - make_interval(days => 90 - i / 2), now()
        FROM generate_series(0, 179) AS i;
        INSERT INTO countersign.reconciliation_difference (
            operator_id, reconciliation_number, identifier, class, fields, here_number, is_imported)
        SELECT operator_id, number, i, 'ONLY_HERE', '{}', 'I' || i, false
        FROM countersign.reconciliation, generate_series(1, 100) AS i;
        INSERT INTO countersign.reconciliation_closing (operator_id, reconciliation_number, identifier, reason)
        SELECT operator_id, reconciliation_number, identifier, 'closed' FROM countersign.reconciliation_difference
        WHERE identifier <= 10;
        ANALYZE countersign.charge, countersign.charge_history, countersign.failed_item_count, countersign.statement,
            countersign.statement_total, countersign.reconciliation, countersign.reconciliation_difference,
            countersign.reconciliation_closing
        """
    }
}

extension ReportScript {
    /// The statement with every variable's default. Plain quotes suffice for all of them.
    var defaultStatement: String { statement { "'\($0)'" } }
}
