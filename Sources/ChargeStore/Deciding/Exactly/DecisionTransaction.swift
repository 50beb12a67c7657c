import Charges
import ConnectionPool
import LibPQ

/// Decides one batch the exact way, as one transaction in one round trip, on the thread that owns the connection.
struct DecisionTransaction: Sendable {
    let batch: DecisionBatch

    /// - Returns: The verdicts, in the order of the batch, once the commit is durable.
    /// - Throws: `PostgresError`; its `effect` tells whether the batch may have been applied.
    func run(on lease: StoreConnection) throws(PostgresError) -> [DecisionVerdict] {
        let verdicts = try lease.transact(
            .decide, DecideInput(batch: batch, clock: lease.clock), until: batch.deadline)
        if verdicts.contains(.deadlinePassed), batch.deadline > .now {
            // The server's clock has been set since it was asked. It is asked again for the next try.
            try? lease.readClock(deadline: batch.deadline)
        }
        return verdicts
    }
}
