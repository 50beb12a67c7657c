import CLibPQ

extension Connection {
    /// Runs one statement in a transaction of its own.
    ///
    /// - Returns: Its rows, decoded.
    /// - Throws: `PostgresError`. Where the connection broke or had to be given up, the statement may have been
    ///   applied.
    public func run<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        let slot = try pipeline.add(statement, input)
        let results = try run(pipeline, deadline: deadline)
        return try results.rows(slot)
    }

    /// Runs a pipeline in one round trip.
    ///
    /// - Returns: What its statements gave. With a COMMIT in the pipeline, the commit is durable.
    /// - Throws: `PostgresError`; its `effect` says whether the pipeline may have been applied. A transaction
    ///   that the pipeline began is rolled back.
    public func run(_ pipeline: Pipeline, deadline: ContinuousClock.Instant) throws(PostgresError)
        -> PipelineResults
    {
        let handle = try open()
        let wasIdle = PQtransactionStatus(handle) == PQTRANS_IDLE
        do {
            return try PipelineRun(pipeline, on: self, handle, deadline: deadline).run()
        } catch {
            if error.sqlState == .readOnlyTransaction { hasRefusedToWrite = true }
            if wasIdle, self.handle != nil, PQtransactionStatus(handle) != PQTRANS_IDLE {
                try? execute("ROLLBACK", deadline: max(deadline, .now + .seconds(1)))
            }
            guard wasIdle, self.handle != nil, error.isForgottenStatement, !prepared.isEmpty else {
                throw error
            }
        }
        // The server knows a statement no longer, or its result has changed with the schema. Nothing was applied.
        try execute("DEALLOCATE ALL", deadline: deadline)
        prepared = []
        return try PipelineRun(pipeline, on: self, handle, deadline: deadline).run()
    }
}

extension PostgresError {
    /// Whether a statement has only to be prepared anew. The code 0A000 has other meanings too, but trying once
    /// more does no harm to them.
    fileprivate var isForgottenStatement: Bool {
        sqlState == .invalidSQLStatementName || sqlState == .featureNotSupported
    }
}
