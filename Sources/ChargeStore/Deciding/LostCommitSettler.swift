import ConnectionPool
import LibPQ
import Logging
import Measurements

/// Finds out what became of batches whose COMMIT got no answer, on other connections, as often as it takes.
struct LostCommitSettler: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger
    let measurements: Measurements

    /// - Returns: `nil` if it could not be found out before the deadline.
    func settle(_ batch: DecisionBatch, deadline: ContinuousClock.Instant) async -> OutcomeSettlement.Finding?
    {
        let finding = await find(OutcomeSettlement(batch: batch), deadline: deadline)
        measurements.count(.unknownOutcomes, [finding?.label ?? "unsettled"])
        return finding
    }

    private func find(_ settlement: OutcomeSettlement, deadline: ContinuousClock.Instant) async
        -> OutcomeSettlement.Finding?
    {
        var retries = RetryDelay()
        repeat {
            do {
                return try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                    try settlement.run(on: lease, deadline: deadline)
                }
            } catch {
                guard case .failed(let error) = error else { return nil }
                logger.warning(
                    "settling a lost commit failed", metadata: .describing(error, batch: settlement.batch))
            }
        } while await retries.pause(before: deadline)
        return nil
    }
}
