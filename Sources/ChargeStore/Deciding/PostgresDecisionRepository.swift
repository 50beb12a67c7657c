package import Charges
import ConnectionPool
import LibPQ
import Logging
import Measurements

/// Decides calls on PostgreSQL; docs/architecture.md follows one through.
package struct PostgresDecisionRepository: DecisionRepository {
    let pool: ConnectionPool<StoreConnection>
    /// A few connections kept for calls that wait for what another session holds, so that a stuck charge never
    /// takes the connections of the others.
    let waitingPool: ConnectionPool<StoreConnection>
    /// How long a whole call waits for locks that others hold.
    let lockWait: Duration
    let logger: Logger
    let measurements: Measurements

    package func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        var progress = DecisionProgress(settled: DecisionPreflight(call.items).settled)
        let lockWaitEnds = ContinuousClock.now + lockWait
        // The end of the time that is left is for settling a commit whose answer was lost.
        let deadline = call.deadline - min(.seconds(2), (call.deadline - .now) / 4)
        do {
            try await judge(call, &progress, lockWaitEnds: nil, deadline: deadline)
        } catch .notApplied(let failure) where !progress.somethingCommitted {
            throw failure
        } catch {
            throw .outcomeUnknown
        }
        guard progress.reopenLocked() else { return progress.outcomes }
        do {
            try await judge(call, &progress, lockWaitEnds: min(lockWaitEnds, deadline), deadline: deadline)
        } catch .notApplied {
            // Nothing was done for what is still open: it counts as locked.
        } catch {
            throw .outcomeUnknown
        }
        return progress.outcomes
    }

    /// Has the database judge the open items, trying again where that helps.
    ///
    /// - Parameter lockWaitEnds: Until when to wait for what others hold; `nil` passes over it.
    private func judge(
        _ call: DecisionCall, _ progress: inout DecisionProgress, lockWaitEnds: ContinuousClock.Instant?,
        deadline: ContinuousClock.Instant
    ) async throws(AttemptFailure) {
        let pool = lockWaitEnds == nil ? pool : waitingPool
        var retries = RetryDelay()
        while case let open = progress.open, !open.isEmpty {
            let batch = DecisionBatch(call, items: open, lockWaitEnds: lockWaitEnds, deadline: deadline)
            let transaction = DecisionTransaction(batch: batch, deadline: deadline)
            do {
                let verdicts = try await pool.withConnection(
                    deadline: lockWaitEnds ?? deadline, share: call.operatorIdentifier.value
                ) { lease throws(PostgresError) in
                    try transaction.run(on: lease)
                }
                progress.record(verdicts, for: open)
            } catch {
                guard case .failed(let error) = error else { throw .notApplied(error.requestFailure) }
                logger.warning("a decision transaction failed", metadata: .describing(error, batch: batch))
                if error.effect == .unknown {
                    let settlingEnds = call.deadline - .milliseconds(100)
                    let finding = await settle(batch, deadline: settlingEnds)
                    measurements.count(.unknownOutcomes, [finding?.label ?? "unsettled"])
                    guard let finding else { throw .unknown }
                    progress.record(finding, for: open)
                } else if !error.isWorthRetrying {
                    throw .notApplied(error.requestFailure)
                }
            }
            if progress.open.isEmpty { return }
            guard await retries.pause(before: deadline) else { throw .notApplied(.serviceUnavailable) }
        }
    }

    /// Finds out what became of a batch whose COMMIT got no answer, or gives up at the deadline with `nil`.
    private func settle(_ batch: DecisionBatch, deadline: ContinuousClock.Instant) async
        -> OutcomeSettlement.Finding?
    {
        let settlement = OutcomeSettlement(batch: batch)
        var retries = RetryDelay()
        repeat {
            do {
                return try await pool.withConnection(deadline: deadline) { lease throws(PostgresError) in
                    try settlement.run(on: lease, deadline: deadline)
                }
            } catch {
                guard case .failed(let error) = error else { return nil }
                logger.warning("settling a lost commit failed", metadata: .describing(error, batch: batch))
            }
        } while await retries.pause(before: deadline)
        return nil
    }
}
