import ConnectionPool
import LibPQ
import Logging

extension Store {
    /// Adds the counts of failed items to the database's, in a statement of its own. Counts that were not added
    /// are kept for the next time; those of which nobody can say are given up, so that none is added twice.
    package func storeFailedItems(deadline: ContinuousClock.Instant) async {
        let counts = failedItems.take()
        guard !counts.isEmpty else { return }
        let input = counts.map { ($0.key, $0.value) }
        do {
            _ = try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                try lease.connection.run(.addFailedItems, input, deadline: deadline)
            }
        } catch {
            guard case .failed(let cause) = error else { return failedItems.add(counts) }
            if cause.effect != .unknown { failedItems.add(counts) }
            logger.warning(
                "counts of failed items were not stored",
                metadata: ["error": "\(cause.debugDescription)", "effect": "\(cause.effect)"])
        }
    }
}
