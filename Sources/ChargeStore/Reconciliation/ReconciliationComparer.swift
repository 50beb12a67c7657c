import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// Compares the files that have come in, one at a time. Every node does so at intervals, and takes over from one that is
/// gone: the database gives each reconciliation to one worker.
package struct ReconciliationComparer: Sendable {
    let pool: ConnectionPool<StoreConnection>
    /// The node, in the database.
    let worker: PostgresUUID
    let logger: Logger

    /// The time that one part of a comparison may take.
    private static let time = Duration.seconds(60)

    /// Compares all that waits, longest first. A failure is logged, and the rest is left to the next call.
    package func run() async {
        while !Task.isCancelled {
            let claim = ReconciliationClaim(worker: worker, key: nil)
            guard let key = await attempt(.claimReconciliation, claim)?.first ?? nil else { return }
            let slice = ReconciliationSlice(work: ReconciliationWork(key: key, worker: worker))
            var isUnfinished = true
            while isUnfinished, !Task.isCancelled {
                guard let more = await attempt(.compareReconciliationSlice, slice)?.first else { return }
                isUnfinished = more
            }
            logger.info(
                "a reconciliation was compared",
                metadata: [
                    "operator_id": "\(key.operatorIdentifier.value)", "reconciliation": "\(key.number)",
                ])
        }
    }

    private func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input
    ) async -> [Row]? {
        await pool.attempt(statement, input, doing: "comparing", within: Self.time, logger: logger)
    }
}
