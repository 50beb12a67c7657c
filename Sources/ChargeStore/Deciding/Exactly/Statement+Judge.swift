import Charges
import LibPQ

extension Statement where Input == [DecisionBatch.Entry], Row == DecisionVerdict? {
    /// Asks `countersign.judge` (sql/migrations) what stands in the way of some items: one row for each, in order,
    /// `nil` for nothing.
    static let judge = Statement(
        "judge",
        """
        SELECT verdict, found_on, found_revision, standing_status, standing_reference_number, owner_number
        FROM countersign.judge($1, $2, $3, $4, $5, $6, $7)
        ORDER BY item
        """,
        parameters: [
            .int8Array, .textArray, .textArray, .textArray, .textArray, .textArray, .boolArray,
        ],
        bind: { items, parameters throws(PostgresError) in
            try parameters.append(operatorsOf: items)
            try parameters.append(idempotencyKeysOf: items)
            try parameters.append(kindsOf: items)
            try parameters.append(numbersOf: items)
            try parameters.append(customersOf: items)
            try parameters.append(referenceNumbersOf: items)
            try parameters.append(repeatsSucceedOf: items)
        },
        decode: { row throws(PostgresError) in try DecisionVerdict(reading: &row) })
}
