import LibPQ

// The rule: where commits are synchronous, no answer rests on a commit that only one server has.
//
// PostgreSQL shows a commit to others once a synchronous standby has it, with two exceptions: after a crash it shows
// what it finds in its own WAL, and a session that is ended or cancelled while it waits leaves its commit visible. So a
// row that was read may be lost by the next failover. A transaction that reads and then writes is proof against that:
// its own commit record comes after those of all that it saw, and its COMMIT returns once a standby has everything up to
// there. What was read is replicated if the transaction's commit returned without a warning.
//
// Hence a reading whose rows an answer rests on makes a write that means nothing, in its own transaction. A transaction
// that changes something needs none. docs/deciding.md has the whole argument.

extension Statement where Input == Void, Row == Void {
    /// Makes the transaction one that writes, where there are synchronous standbys to wait for: a logical message
    /// (manual, chapter 9.27.6) is a WAL record and nothing else, so no row is locked, and nothing is left to vacuum.
    static let noOpWrite = Statement(
        "no_op_write",
        """
        SELECT pg_logical_emit_message(true, 'countersign', '')
        WHERE current_setting('synchronous_standby_names') <> ''
        """)
}

extension StoreConnection {
    /// Reads what an answer rests on: it returns once what it saw is replicated. In one round trip.
    ///
    /// At the deadline the wait is cancelled, which costs nothing, since the transaction changes nothing.
    ///
    /// - Throws: `PostgresError`, also where the rows were read and may not be on a standby.
    func readReplicated<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        let slot = try pipeline.add(statement, input)
        try pipeline.add(.noOpWrite, ())
        return try connection.run(pipeline, deadline: deadline).rows(slot)
    }
}
