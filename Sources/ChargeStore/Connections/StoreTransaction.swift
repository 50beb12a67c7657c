import LibPQ
import Scheduling

extension StoreConnection {
    /// Runs one statement as a transaction in one round trip. The server ends a statement that is still running at the
    /// deadline; a COMMIT is never ended.
    ///
    /// - Parameters:
    ///   - limit: The statement that bounds the transaction's statements, given the milliseconds that are left.
    ///   - writesAlways: Whether the answer rests on what the statement read, even where it changed nothing
    ///     (`noOpWrite`).
    /// - Throws: `PostgresError`; its `effect` says whether the statement may have been applied.
    func transact<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, until deadline: ContinuousClock.Instant,
        limit: Statement<Int, Void> = .limitStatement, writesAlways: Bool = false
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(limit, max(1, (deadline - .now).milliseconds))
        let slot = try pipeline.add(statement, input)
        if writesAlways { try pipeline.add(.noOpWrite, ()) }
        pipeline.addCommit()
        return try connection.run(pipeline, deadline: deadline + DeadlineBudget.answerMargin).rows(slot)
    }
}

extension Statement where Input == Int, Row == Void {
    /// Bounds every later statement of the transaction, in milliseconds.
    static let limitStatement = Statement(
        "limit_statement", "SELECT FROM set_config('statement_timeout', \(\.description)::text, true)")
}

extension Duration {
    /// The duration in whole milliseconds, rounded down.
    var milliseconds: Int {
        Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
