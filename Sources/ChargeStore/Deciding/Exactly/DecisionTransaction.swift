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
            .decide, DecideInput(batch: batch, clock: lease.clock), until: batch.deadline, writesAlways: true)
        if verdicts.contains(.deadlinePassed), batch.deadline > .now {
            // By the server's clock more time has passed than by ours: it was set, or this machine stood still. It is
            // asked again, for the calls that begin from now on.
            try? lease.readClock(deadline: batch.deadline)
        }
        return verdicts
    }
}
