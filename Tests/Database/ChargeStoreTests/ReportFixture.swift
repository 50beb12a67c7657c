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
        ANALYZE countersign.charge, countersign.charge_history, countersign.failed_item_count
        """
    }
}

extension ReportScript {
    /// The statement with every variable's default. Plain quotes suffice for all of them.
    var defaultStatement: String { statement { "'\($0)'" } }
}
