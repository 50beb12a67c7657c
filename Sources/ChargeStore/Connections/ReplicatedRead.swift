import LibPQ

// The rule: where commits are synchronous, no answer rests on a commit that only one server has.
//
// PostgreSQL shows a commit to others once a synchronous standby has it, with two exceptions. After a crash it shows
// what it finds in its own WAL. A session that is ended or cancelled while it waits leaves its commit visible. So the
// next failover may lose a row that was read. A transaction that reads and also writes is proof against that: its own
// commit record comes after those of all that it saw, and its COMMIT returns once a standby has everything up to there.
// What was read is replicated if the transaction's commit returned without a warning.
//
// Hence a reading whose rows an answer rests on makes a no-op write in its own transaction. A transaction that changes
// something needs none. docs/deciding.md has the whole argument.

extension Statement where Input == Void, Row == Void {
    /// A no-op write, which makes the transaction one that writes, where there are synchronous standbys to wait for. It
    /// is a logical message (manual, chapter 9.27.6), which is a WAL record and nothing else: it locks no row, and
    /// leaves nothing to vacuum.
    static let noOpWrite = Statement(
        "no_op_write",
        """
        SELECT pg_logical_emit_message(true, 'countersign', '')
        WHERE current_setting('synchronous_standby_names') <> ''
        """)
}

extension Statement where Input == Void, Row == Void {
    /// Makes the transaction read-only. The no-op write is still admitted: it changes no row.
    static let beReadOnly = Statement(
        "be_read_only", "SELECT FROM set_config('transaction_read_only', 'on', true)")
}

extension Connection {
    /// Runs a statement whose result an answer rests on, in one round trip. It returns once what the statement saw, or
    /// changed, is replicated.
    ///
    /// At the deadline the wait is cancelled. That costs a reading nothing, since its transaction changes nothing.
    ///
    /// - Parameter readOnly: Whether the server refuses every change of the statement.
    /// - Throws: `PostgresError`, also where the statement ran and its rows may not be on a standby.
    func runReplicated<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant,
        readOnly: Bool = false
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        if readOnly { try pipeline.add(.beReadOnly, ()) }
        let slot = try pipeline.add(statement, input)
        try pipeline.add(.noOpWrite, ())
        return try run(pipeline, deadline: deadline).rows(slot)
    }
}
