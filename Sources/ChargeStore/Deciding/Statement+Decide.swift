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
            try parameters.append(items.map(\.operatorIdentifier.value))
            try parameters.append(
                timestamps: items.map { input.clock.time(at: $0.deadline).microsecondsSince2000 })
            try parameters.append(items.map(\.username))
            try parameters.append(items.map { $0.idempotencyKey?.string })
            try parameters.append(items.map(\.action.rawValue))
            try parameters.append(items.map(\.item.number.string))
            try parameters.append(
                items.map { $0.item.customerCanExist ? $0.item.billingSystemCustomerIdentifier.string : nil })
            try parameters.append(items.map { $0.item.referenceNumber?.string })
            try parameters.append(items.map(\.repeatsSucceed))
        },
        decode: { row throws(PostgresError) in
            let outcome = try row.next(String.self)
            let decidedOn = try row.next(Int64?.self)
            let revision = try row.next(Int32?.self)
            let standing = ItemFailure.Standing(
                status: try row.next(String?.self), referenceNumber: try row.next(String?.self),
                otherNumber: try row.next(String?.self))
            switch outcome {
            case "DECIDED", "REPEATED", "STANDING":
                let decidedOn = Timestamp(microsecondsSince2000: decidedOn ?? 0)
                return .outcome(.decided(DecisionMade(decidedOn: decidedOn, historyRevision: revision)))
            case "DEADLINE_PASSED":
                return .deadlinePassed
            default:
                guard let code = ItemFailureCode(rawValue: outcome) else {
                    throw .decoding("the decide function gave an unknown outcome")
                }
                return .outcome(.failed(ItemFailure(code, standing: standing)))
            }
        })
}

extension DecisionMade {
    /// As the history numbers it: an acknowledgement, which is no decision, has 0 there.
    init(decidedOn: Timestamp, historyRevision: Int32?) {
        self.init(decidedOn: decidedOn, revision: historyRevision == 0 ? nil : historyRevision.map(Int.init))
    }
}

extension Statement where Input == Int, Row == Void {
    /// Bounds every later statement of the transaction, in milliseconds.
    static let limitStatement = Statement(
        "limit_statement", "SELECT FROM set_config('statement_timeout', $1::text, true)",
        parameters: [.text],
        bind: { milliseconds, parameters throws(PostgresError) in try parameters.append(String(milliseconds))
        })
}
