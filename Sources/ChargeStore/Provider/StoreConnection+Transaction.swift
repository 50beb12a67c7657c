import LibPQ

extension StoreConnection {
    /// Runs one statement as a transaction in one round trip. A statement that the server has not ended by the
    /// deadline is ended there; a COMMIT never is.
    ///
    /// - Throws: `PostgresError`; its `effect` tells whether the statement may have been applied.
    func transact<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(.limitStatement, max(1, deadline.millisecondsFromNow))
        let slot = try pipeline.add(statement, input)
        pipeline.addCommit()
        return try connection.run(pipeline, deadline: deadline + .milliseconds(250)).rows(slot)
    }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int {
        Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
