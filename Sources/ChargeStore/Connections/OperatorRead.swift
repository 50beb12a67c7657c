import Charges
import LibPQ

// The second wall between operators. Every statement names the operator in its WHERE. A statement that has lost it must
// not show another operator's rows either: whatever reads one operator's data acts as the role countersign_reader, for
// which the tables have policies (sql/migrations/0014_row_security.sql).
//
// Role and operator are set in the read's own transaction and round trip, and for that transaction alone. So nothing is
// left on the session, also where it failed, and a pooler may give the session to anyone afterwards. The plans of these
// statements depend on the role. They are kept, since no statement runs under two roles.

/// The input of a statement that reads one operator's data.
protocol OperatorRead: Sendable {
    /// The operator whose rows the transaction may see.
    var operatorIdentifier: OperatorIdentifier { get }
}

extension Statement where Input == OperatorIdentifier, Row == Void {
    private static let actingAsReader: SQL<OperatorIdentifier> = """
        set_config('countersign.operator_id', \(\.self)::bigint::text, true),
            set_config('role', 'countersign_reader', true)
        """

    /// Lets the rest of the transaction see the rows of one operator and no others.
    static let actAsReader = Statement("act_as_reader", "SELECT \(actingAsReader)")

    /// The same, with the no-op write of a replicated read (`noOpWrite`). It need not follow the read: it is the commit
    /// after both that proves what was read.
    static let actAsReplicatedReader = Statement(
        "act_as_replicated_reader",
        """
        SELECT \(actingAsReader),
            CASE WHEN current_setting('synchronous_standby_names') <> ''
                THEN pg_logical_emit_message(true, 'countersign', '') END
        """)
}

extension Connection {
    /// Runs a statement that reads one operator's data, in one round trip. It sees no other operator's rows. Within a
    /// transaction, whatever follows there sees none either.
    ///
    /// - Parameter replicated: Whether an answer rests on the rows, which are then replicated when this returns
    ///   (`runReplicated`).
    func runAsReader<Input: OperatorRead, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, replicated: Bool,
        deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        try pipeline.add(replicated ? .actAsReplicatedReader : .actAsReader, input.operatorIdentifier)
        let slot = try pipeline.add(statement, input)
        return try run(pipeline, deadline: deadline).rows(slot)
    }
}
