import Charges
import ConnectionPool
import LibPQ

/// The slow path: a transaction that decides each item of one batch individually, in one round trip, on the thread that
/// owns the connection.
struct SlowPath: Sendable {
    let batch: DecisionBatch

    /// Runs the transaction.
    ///
    /// - Returns: The verdicts, in the order of the batch, once the commit is durable.
    /// - Throws: `PostgresError`; its `effect` says whether the batch may have been applied.
    func run(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict] {
        let verdicts = try lease.transact(
            .decide, batch.timed(by: lease.clock), until: batch.deadline, writesAlways: true)
        if verdicts.contains(.deadlinePassed), batch.deadline > .now {
            // More time has passed by the server's clock than by the node's: the server's clock was set, or this
            // machine stood still. The node reads the server's clock again, for the calls that begin from now on.
            try? lease.readClock(deadline: batch.deadline)
        }
        return verdicts
    }
}

extension Statement where Input == DecisionBatch, Row == DecisionVerdict {
    /// Calls `countersign.decide` (sql/migrations). It returns one row for each item, in order.
    static let decide = Statement(
        "decide",
        """
        SELECT outcome, decided_on, revision, current_status, current_reference_number, other_number
        FROM countersign.decide(
            \(\.identifier), \(\.lockWaitMilliseconds), \(\.items.operatorIdentifiers), \(\.deadlines),
            \(\.items.usernames), \(\.items.idempotencyKeys), \(\.items.actions), \(\.items.numbers),
            \(\.items.customers), \(\.items.referenceNumbers), \(\.items.repeatsSucceed))
        """,
        decode: { row throws(PostgresError) in
            try DecisionVerdict(reading: &row) ?? .locked
        })
}

extension Statement where Input == [DecisionBatch.Item], Row == DecisionVerdict? {
    /// Calls `countersign.explain_refusal` (sql/migrations), which says what stands in the way of some items. It
    /// returns one row for each item, in order; `nil` if nothing stands in its way.
    static let explainRefusal = Statement(
        "explain_refusal",
        """
        SELECT verdict, found_on, found_revision, current_status, current_reference_number, owner_number
        FROM countersign.explain_refusal(
            \(\.operatorIdentifiers), \(\.idempotencyKeys), \(\.actions), \(\.numbers), \(\.customers),
            \(\.referenceNumbers), \(\.repeatsSucceed))
        ORDER BY item
        """,
        decode: { row throws(PostgresError) in try DecisionVerdict(reading: &row) })
}
