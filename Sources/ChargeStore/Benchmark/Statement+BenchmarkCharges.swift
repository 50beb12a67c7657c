import Charges
import LibPQ

/// Charges that are named by their counts.
struct BenchmarkCharges: Sendable {
    let operatorIdentifier: OperatorIdentifier
    let counts: ClosedRange<Int>
    let currency: String
    let firstReceivedOn: Timestamp
}

extension Statement where Input == BenchmarkCharges, Row == Void {
    /// Each has been declined once, so that its row has the size that it will keep: a row grows by its first decision, and
    /// runs that find other rows grown than those before them could not be compared.
    static let addBenchmarkCharges = Statement(
        "add_benchmark_charges",
        """
        WITH made AS (
            INSERT INTO countersign.charge (
                operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
                local_currency_amount, local_currency, paid_through_date, received_on, revision, decision, decided_on,
                decision_made_by, decision_reference_number)
            SELECT
                $1, 'I' || lpad(i::text, 8, '0'), 'bench-' || i, 'C' || lpad(i::text, 8, '0'),
                round((699 + i % 1600) / 100.0, 2), 'USD', round((643 + i % 1472) / 100.0, 2), $4,
                timestamp '2026-12-01', $5 + make_interval(secs => i), 1, 'DECLINED', now(), 'operator',
                'S-SEEDED-' || lpad(i::text, 10, '0')
            FROM generate_series($2, $3) AS i
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
        """,
        parameters: [.int8, .int8, .int8, .text, .timestamptz],
        bind: { charges, parameters throws(PostgresError) in
            try parameters.append(charges.operatorIdentifier.value)
            try parameters.append(Int64(charges.counts.lowerBound))
            try parameters.append(Int64(charges.counts.upperBound))
            try parameters.append(charges.currency)
            try parameters.append(timestamp: charges.firstReceivedOn.microsecondsSince2000)
        })
}

extension Statement where Input == [OperatorIdentifier], Row == Int64 {
    static let historyRowCount = Statement(
        "history_row_count", "SELECT count(*) FROM countersign.charge_history WHERE operator_id = ANY ($1)",
        parameters: [.int8Array],
        bind: { operators, parameters throws(PostgresError) in
            try parameters.append(operators.map(\.value))
        },
        decode: { row throws(PostgresError) in try row.next(Int64.self) })
}
