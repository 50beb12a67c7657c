import Charges
import ConnectionPool
import LibPQ
import Scheduling

/// The fast path: a transaction that decides one batch in one round trip, as far as nothing stands in the way, and then
/// a read that explains the refusals. It runs on the thread that owns the connection.
struct FastPath: Sendable {
    /// The items in the order of their keys, with no charge and no reference twice. Acknowledgements are in batches of
    /// their own.
    let batch: DecisionBatch

    /// Decides the items that nothing stands in the way of.
    ///
    /// - Returns: Each item's verdict, in order, durable now; `nil` for the others, to which nothing was applied.
    /// - Throws: `PostgresError`; its `effect` says whether the batch may have been applied.
    func decide(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict?] {
        let isAcknowledging = batch.items.first?.action == .acknowledge
        let decided = try lease.transact(
            isAcknowledging ? .acknowledgeBatch : .decideBatch,
            batch.timed(by: lease.clock), until: batch.deadline, limit: .limitFastPath)
        var verdicts = [DecisionVerdict?](repeating: nil, count: batch.items.count)
        for row in decided { verdicts[row.index] = .outcome(.decided(row.made)) }
        return verdicts
    }

    /// Explains the refusals of the items that were not decided. A verdict stays `nil` if another session held the
    /// item, or if the item must be decided individually.
    func explain(_ verdicts: inout [DecisionVerdict?], on lease: StoreConnection) {
        let open = verdicts.indices.filter { verdicts[$0] == nil }
        guard !open.isEmpty else { return }
        do throws(PostgresError) {
            let found = try lease.connection.runReplicated(
                .explainRefusal, open.map { batch.items[$0] },
                deadline: batch.deadline + DeadlineBudget.answerMargin)
            for (index, verdict) in zip(open, found) { verdicts[index] = verdict }
        } catch  where error.effect == .unknown {
            // The rows were read, and may not be on a standby. A call with time left is decided by another transaction.
            for index in open where batch.items[index].queued.deadline <= .now {
                verdicts[index] = .notReplicated
            }
        } catch {}
    }
}

/// One item that the fast path decided.
struct BatchedDecision: Sendable {
    /// The item's index in the batch, from 0.
    let index: Int
    let made: DecisionMade
}

extension Statement where Input == DecisionBatch, Row == BatchedDecision {
    /// Accepts and declines the items that nothing stands in the way of, and passes over the others. docs/deciding.md
    /// says why the result is exact. The items must be in the order of their keys, with no charge and no reference
    /// twice.
    static let decideBatch = Statement.fastPath(
        "decide_batch",
        set: """
            revision = charge.revision + 1, decision = asked.kind, decided_on = clock_timestamp(),
            decision_made_by = 'operator', decision_reference_number = asked.reference_number
            """,
        where: """
            charge.charge_status = 'PENDING' AND charge.taken_on IS NULL
            AND (charge.decision IS DISTINCT FROM asked.kind OR charge.decision_made_by = 'policy')
            -- Whether a key was used before, this snapshot cannot tell for sure; before the first decision none was.
            AND (asked.idempotency_key IS NULL OR charge.revision = 0)
            """,
        revision: "charge.revision", madeOn: "charge.decided_on", decisions: "count(*)")

    /// Acknowledges the items that nothing stands in the way of, and passes over the others. The items must be as
    /// `decideBatch` takes them.
    static let acknowledgeBatch = Statement.fastPath(
        "acknowledge_batch",
        set: "acknowledged_on = clock_timestamp()",
        where: """
            charge.charge_status <> 'PENDING'
            -- That it is null, in words from which the planner does not conclude that charge_processed_idx would do:
            -- that index has the number after the time.
            AND num_nonnulls(charge.acknowledged_on) = 0
            """,
        revision: "0", madeOn: "charge.acknowledged_on", decisions: "0")

    /// The statement that `decideBatch` and `acknowledgeBatch` share. They differ in what they set, and on what
    /// conditions.
    private static func fastPath(
        _ name: String, set changes: String, where conditions: String, revision: String, madeOn: String,
        decisions: String
    ) -> Statement {
        Statement(
            name,
            """
            WITH decided AS (
                UPDATE countersign.charge
                SET \(raw: changes)
                FROM unnest(
                    \(\.items.operatorIdentifiers)::bigint[], \(\.deadlines)::timestamptz[],
                    \(\.items.usernames)::text[], \(\.items.idempotencyKeys)::text[],
                    \(\.items.actions)::text[], \(\.items.numbers)::text[], \(\.items.customers)::text[],
                    \(\.items.referenceNumbers)::text[])
                    WITH ORDINALITY AS asked (
                        operator_id, deadline, username, idempotency_key, kind, number, customer,
                        reference_number, item)
                LEFT JOIN LATERAL (
                    SELECT history.number FROM countersign.charge_history AS history
                    WHERE history.operator_id = asked.operator_id
                        AND history.reference_number = asked.reference_number
                        AND history.takes_reference
                    LIMIT 1
                ) AS owner ON true
                WHERE charge.operator_id = ANY (ARRAY[asked.operator_id]) AND charge.number = asked.number
                    AND charge.billing_system_customer_identifier = asked.customer
                    AND \(raw: conditions)
                    AND (owner.number IS NULL OR owner.number = asked.number)
                    AND asked.deadline >= clock_timestamp()
                    -- No other session holds the row: nobody has locked it, or its lock is to be had at once. For
                    -- liveness alone: the conditions above are checked again after any wait.
                    AND (charge.xmax = 0
                        OR EXISTS (
                            SELECT FROM countersign.charge AS free
                            WHERE free.operator_id = charge.operator_id AND free.number = charge.number
                            FOR NO KEY UPDATE SKIP LOCKED))
                RETURNING
                    asked.item, charge.operator_id, charge.number, \(raw: revision) AS revision, asked.kind,
                    asked.username, \(raw: madeOn) AS made_on, asked.reference_number,
                    asked.reference_number IS NOT NULL AND owner.number IS NULL AS takes_reference,
                    asked.idempotency_key
            ), written AS (
                INSERT INTO countersign.charge_history (
                    operator_id, number, revision, kind, made_by, username, made_on, reference_number,
                    takes_reference, idempotency_key, batch_id)
                SELECT
                    operator_id, number, revision, kind, 'operator', username, made_on, reference_number,
                    takes_reference, idempotency_key, \(\.identifier)
                FROM decided
                ORDER BY operator_id, reference_number COLLATE "C"
                RETURNING 1
            ), batch AS (
                INSERT INTO countersign.batch (batch_id, decisions)
                SELECT \(\.identifier), \(raw: decisions) FROM written HAVING count(*) > 0
            )
            SELECT item, made_on, revision FROM decided
            """,
            decode: { row throws(PostgresError) in
                BatchedDecision(index: try row.next(Int.self) - 1, made: try row.nextDecisionMade())
            })
    }
}

extension Statement where Input == Int, Row == Void {
    /// Bounds the statements of a fast-path transaction, in milliseconds. The transaction waits for a lock that others
    /// hold 50 ms at the most.
    static let limitFastPath = Statement(
        "limit_fast_path",
        """
        SELECT FROM set_config('statement_timeout', \(\.description)::text, true) AS time, \
        set_config('lock_timeout', '50', true) AS wait
        """)
}
