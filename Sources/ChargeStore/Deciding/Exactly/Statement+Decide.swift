import Charges
import LibPQ

/// A batch, and the clock by which its deadlines are told to the server.
struct DecideInput: Sendable {
    let batch: DecisionBatch
    let clock: ServerClock
}

extension Statement where Input == DecideInput, Row == DecisionVerdict {
    /// Calls `countersign.decide` (sql/migrations): one row for each item, in order.
    static let decide = Statement(
        "decide",
        """
        SELECT outcome, decided_on, revision, standing_status, standing_reference_number, other_number
        FROM countersign.decide($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        parameters: [
            .uuid, .int4, .int8Array, .timestamptzArray, .textArray, .textArray, .textArray, .textArray,
            .textArray, .textArray, .boolArray,
        ],
        bind: { input, parameters throws(PostgresError) in
            let items = input.batch.items
            try parameters.append(input.batch.identifier)
            try parameters.append(Int32(input.batch.lockWaitMilliseconds))
            try parameters.append(operatorsOf: items)
            try parameters.append(deadlinesOf: items, input.clock)
            try parameters.append(usernamesOf: items)
            try parameters.append(idempotencyKeysOf: items)
            try parameters.append(kindsOf: items)
            try parameters.append(numbersOf: items)
            try parameters.append(customersOf: items)
            try parameters.append(referenceNumbersOf: items)
            try parameters.append(repeatsSucceedOf: items)
        },
        decode: { row throws(PostgresError) in
            try DecisionVerdict(reading: &row) ?? .outcome(.failed(ItemFailure(.chargeLocked)))
        })
}
