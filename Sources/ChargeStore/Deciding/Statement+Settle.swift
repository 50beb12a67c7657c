import Charges
import LibPQ

/// Two ids: the lost batch's, and a fresh one that makes this a transaction that writes.
struct SettleInput: Sendable {
    let lost: PostgresUUID
    let fresh: PostgresUUID
}

extension Statement where Input == SettleInput, Row == PostgresUUID {
    /// Takes a lost batch's id, so that it can never commit, or finds that it did commit. Waits for it if it is
    /// still under way. The fresh id makes the commit of this statement a real one: once it is durable, so is
    /// everything before it, the lost batch included.
    static let settle = Statement(
        "settle",
        """
        INSERT INTO countersign.batch (batch_id, decisions) VALUES ($1, 0), ($2, 0)
        ON CONFLICT DO NOTHING RETURNING batch_id
        """,
        parameters: [.uuid, .uuid],
        bind: { input, parameters throws(PostgresError) in
            try parameters.append(input.lost)
            try parameters.append(input.fresh)
        },
        decode: { row throws(PostgresError) in try row.next(PostgresUUID.self) })
}

/// A decision or acknowledgement that a committed batch brought about.
struct SettledDecision: Sendable {
    let number: ExactText
    let operatorIdentifier: OperatorIdentifier
    let made: DecisionMade
}

extension Statement where Input == DecisionBatch, Row == SettledDecision {
    /// What a batch that committed wrote, found by the keys of its items.
    static let settledDecisions = Statement(
        "settled_decisions",
        """
        SELECT history.operator_id, history.number, history.made_on, history.revision
        FROM unnest($2::bigint[], $3::text[]) AS asked (operator_id, number)
        JOIN countersign.charge_history AS history
            ON history.operator_id = asked.operator_id AND history.number = asked.number
        WHERE history.batch_id = $1
        """,
        parameters: [.uuid, .int8Array, .textArray],
        bind: { batch, parameters throws(PostgresError) in
            try parameters.append(batch.identifier)
            try parameters.append(batch.items.map(\.operatorIdentifier.value))
            try parameters.append(batch.items.map(\.number.string))
        },
        decode: { row throws(PostgresError) in
            let operatorIdentifier = OperatorIdentifier(try row.next(Int64.self))
            let number = ExactText(try row.next(String.self))
            let made = DecisionMade(
                microseconds: try row.next(Int64.self), historyRevision: try row.next(Int32.self))
            return SettledDecision(number: number, operatorIdentifier: operatorIdentifier, made: made)
        })
}
