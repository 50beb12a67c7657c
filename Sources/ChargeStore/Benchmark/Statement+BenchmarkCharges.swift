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
    static let addBenchmarkCharges = Statement(
        "add_benchmark_charges",
        """
        INSERT INTO countersign.charge (
            operator_id, number, provider_charge_id, billing_system_customer_identifier, amount, currency,
            local_currency_amount, local_currency, paid_through_date, received_on)
        SELECT
            $1, 'I' || lpad(i::text, 8, '0'), 'bench-' || i, 'C' || lpad(i::text, 8, '0'),
            round((699 + i % 1600) / 100.0, 2), 'USD', round((643 + i % 1472) / 100.0, 2), $4,
            timestamp '2026-12-01', $5 + make_interval(secs => i)
        FROM generate_series($2, $3) AS i
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
