import Charges
import LibPQ

extension Statement where Input == [(FailedItemCounts.Key, Int)], Row == Void {
    /// Adds counts to the current hour's, in the order of their keys, so that nodes do not deadlock.
    static let addFailedItems = Statement(
        "add_failed_items",
        """
        INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
        SELECT operator_id, date_trunc('hour', hour.moment, 'UTC'), kind, error_code, count
        FROM unnest($1, $2, $3, $4) AS failed (operator_id, kind, error_code, count)
        CROSS JOIN (SELECT clock_timestamp() OFFSET 0) AS hour (moment)
        ORDER BY operator_id, kind COLLATE "C", error_code COLLATE "C"
        ON CONFLICT (operator_id, counted_on, kind, error_code)
            DO UPDATE SET count = failed_item_count.count + excluded.count
        """,
        parameters: [.int8Array, .textArray, .textArray, .int8Array],
        bind: { counts, parameters throws(PostgresError) in
            try parameters.append(counts.map(\.0.operatorIdentifier.value))
            try parameters.append(counts.map(\.0.kind))
            try parameters.append(counts.map(\.0.code.rawValue))
            try parameters.append(counts.map { Int64($0.1) })
        })
}
