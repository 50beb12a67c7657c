import Charges
import ConnectionPool
import LibPQ

/// Decides one batch the exact way, as one transaction in one round trip, on the thread that owns the connection.
struct DecisionTransaction: Sendable {
    let batch: DecisionBatch

    /// How much longer the answer is waited for than the statement may take, so that a statement that the
    /// server ended at the deadline is known to have ended.
    static let answerMargin = Duration.milliseconds(250)

    /// - Returns: The verdicts, in the order of the batch, once the commit is durable.
    /// - Throws: `PostgresError`; its `effect` tells whether the batch may have been applied.
    func run(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict] {
        var pipeline = Pipeline()
        pipeline.addBegin()
        try pipeline.add(.limitStatement, max(1, batch.deadline.millisecondsFromNow))
        let verdicts = try pipeline.add(.decide, DecideInput(batch: batch, clock: lease.clock))
        pipeline.addCommit()
        let results = try lease.connection.run(pipeline, deadline: batch.deadline + Self.answerMargin)
        let rows = try results.rows(verdicts)
        if rows.contains(.deadlinePassed), batch.deadline > .now {
            // The server's clock has been set since it was asked. It is asked again for the next try.
            try? lease.readClock(deadline: batch.deadline)
        }
        return rows
    }
}

extension ContinuousClock.Instant {
    /// How far off the moment is, rounded down; negative once it has passed.
    var millisecondsFromNow: Int {
        let left = (self - .now).components
        return Int(left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)
    }
}
