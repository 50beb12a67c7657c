import Charges
import LibPQ

/// A range of charges that are named by their counts.
struct BenchmarkCharges: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let counts: ClosedRange<Int>
    let currency: String
    let firstReceivedOn: Timestamp
}

extension Statement where Input == BenchmarkCharges, Row == Void {
    /// Adds charges that have each been declined once, so that a row has the size that it will keep. A row grows by its
    /// first decision, and runs that find rows of different sizes could not be compared.
    static let addBenchmarkCharges = Statement(
        "add_benchmark_charges",
        """
        WITH made AS (
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, received_on, revision, decision, decided_on,
                decision_made_by, decision_reference_number)
            SELECT
                \(\.operatorIdentifier), 'I' || lpad(i::text, 8, '0'), 'bench-' || i,
                'C' || lpad(i::text, 8, '0'),
                round((699 + i % 1600) / 100.0, 2), 'USD', round((643 + i % 1472) / 100.0, 2),
                \(\.currency), timestamp '2026-12-01', \(\.firstReceivedOn) + make_interval(secs => i), 1,
                'DECLINED', now(), 'operator', 'S-SEEDED-' || lpad(i::text, 10, '0')
            FROM generate_series(\(\.counts.lowerBound), \(\.counts.upperBound)) AS i
            RETURNING operator_id, number, decided_on, decision_reference_number
        ), written AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT
                operator_id, number, 1, 'DECLINED', 'operator', decided_on, decision_reference_number, true,
                (SELECT gen_random_uuid())
            FROM made
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM written GROUP BY batch_id
        """)
}

extension Statement where Input == [OperatorIdentifier], Row == Int {
    static let historyRowCount = Statement(
        "history_row_count",
        "SELECT count(*) FROM countersign.charge_history WHERE operator_id = ANY (\(\.self))")
}

/// A history of three months of charges, most of them decided, processed and acknowledged.
struct BenchmarkHistory: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let counts: ClosedRange<Int>
    let currency: String
    /// The number of charges in all; the last one has just been received.
    let total: Int
}

extension Statement where Input == BenchmarkHistory, Row == Void {
    /// Adds charges with their history. Of ten charges nine are decided, eight under a reference number, six processed,
    /// four acknowledged, and one is taken. One in forty was decided otherwise at first.
    static let addBenchmarkHistory = Statement(
        "add_benchmark_history",
        """
        WITH made AS (
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, charge_status, received_on,
                set_as_approved_on, taken_on, acknowledged_on, revision, decision, decided_on, decision_made_by,
                decision_reference_number)
            SELECT
                \(\.operatorIdentifier), 'I' || lpad(i::text, 8, '0'), 'bench-' || i,
                'C' || lpad((i / 5)::text, 8, '0'),
                round((699 + i % 1600) / 100.0, 2), 'USD', round((643 + i % 1472) / 100.0, 2),
                \(\.currency), timestamp '2026-12-01',
                CASE WHEN i % 10 < 6 THEN 'APPROVED' ELSE 'PENDING' END, moment,
                CASE WHEN i % 10 < 6 THEN moment + interval '2 hours' END,
                CASE WHEN i % 10 = 7 THEN moment + interval '1 hour' END,
                CASE WHEN i % 10 < 4 THEN moment + interval '3 hours' END,
                CASE WHEN i % 10 = 9 THEN 0 WHEN i % 40 = 0 THEN 2 ELSE 1 END,
                CASE WHEN i % 10 < 9 THEN 'ACCEPTED' END,
                CASE WHEN i % 10 < 9 THEN moment + interval '30 minutes' END,
                CASE WHEN i % 10 < 9 THEN 'operator' END, CASE WHEN i % 10 < 8 THEN 'R-' || lpad(i::text, 8, '0') END
            FROM generate_series(\(\.counts.lowerBound), \(\.counts.upperBound)) AS i
            CROSS JOIN LATERAL (
                SELECT now() - make_interval(secs => (\(\.total) - i) * 90.0 * 86400 / \(\.total)) AS moment
            ) AS time
            RETURNING operator_id, number, revision, decision, decided_on, decision_reference_number
        ), written AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, username, made_on, reference_number, takes_reference,
                batch_id)
            SELECT
                operator_id, number, place, CASE place WHEN revision THEN decision ELSE 'DECLINED' END, 'operator',
                'key:bench', decided_on - make_interval(mins => revision - place),
                CASE place WHEN revision THEN decision_reference_number END,
                place = revision AND decision_reference_number IS NOT NULL, (SELECT gen_random_uuid())
            FROM made CROSS JOIN LATERAL generate_series(1, revision) AS place
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM written GROUP BY batch_id
        """)
}

/// A range of charges that are named by their counts, and take a reference number each.
struct BenchmarkReferences: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let counts: ClosedRange<Int>
    let tag: String
    /// The count of the first reference number.
    let firstReference: Int
}

extension Statement where Input == BenchmarkReferences, Row == Void {
    static let takeBenchmarkReferences = Statement(
        "take_benchmark_references",
        """
        WITH decided AS (
            UPDATE countersign.charge
            SET revision = 2, decision = 'ACCEPTED', decided_on = now(), decision_made_by = 'operator',
                decision_reference_number =
                    'B-' || \(\.tag) || '-' || lpad((\(\.firstReference) + i - \(\.counts.lowerBound))::text, 10, '0')
            FROM generate_series(\(\.counts.lowerBound), \(\.counts.upperBound)) AS i
            WHERE operator_id = \(\.operatorIdentifier) AND number = 'I' || lpad(i::text, 8, '0')
            RETURNING operator_id, number, decision_reference_number
        ), written AS (
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id)
            SELECT
                operator_id, number, 2, 'ACCEPTED', 'operator', now(), decision_reference_number, true,
                (SELECT gen_random_uuid())
            FROM decided
            RETURNING batch_id
        )
        INSERT INTO countersign.batch (batch_id, decisions)
        SELECT batch_id, count(*) FROM written GROUP BY batch_id
        """)
}
