package import Charges
import ConnectionPool
import LibPQ
import Logging

/// The decision repository on PostgreSQL. docs/architecture.md follows a call through it.
package struct PostgresDecisionRepository: DecisionRepository {
    let batcher: DecisionBatcher
    let pool: ConnectionPool<StoreConnection>
    /// The few connections for calls that wait for locks that other sessions hold, so that a locked charge never takes
    /// the connections of other calls.
    let waitingPool: ConnectionPool<StoreConnection>
    let cluster: Cluster
    let resolver: InDoubtCommitResolver
    /// The time that a whole call waits for locks that others hold.
    let lockWait: Duration
    let logger: Logger

    package func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        var progress = DecisionProgress(settled: DecisionPreflight(call.items).settled)
        let lockWaitEnds = ContinuousClock.now + lockWait
        // The end of the time left is for resolving an in-doubt commit.
        let deadline = call.deadline - min(.seconds(2), (call.deadline - .now) / 4)
        let asked = AskedCall(call, deadline: deadline, clock: cluster.clock)
        do {
            try await decideBatch(asked, &progress)
            try await decideIndividually(asked, &progress, lockWaitEnds: nil)
        } catch .notApplied(let failure) where !progress.somethingCommitted {
            throw failure
        } catch {
            throw .outcomeUnknown
        }
        guard progress.reopenLocked() else { return progress.outcomes }
        do {
            try await decideIndividually(asked, &progress, lockWaitEnds: min(lockWaitEnds, deadline))
        } catch .notApplied {
            // Nothing was applied to the items that are still open: they count as locked.
        } catch {
            throw .outcomeUnknown
        }
        return progress.outcomes
    }

    /// Decides the open items in one batch with those of other calls. Of items with the same reference, it takes the
    /// first.
    private func decideBatch(_ asked: AskedCall, _ progress: inout DecisionProgress)
        async throws(DecisionFailure)
    {
        var references: Set<ExactText> = []
        let items = progress.open.filter { index in
            asked.call.items[index].referenceNumber.map { references.insert($0).inserted } ?? true
        }
        guard !items.isEmpty else { return }
        let verdicts = try await batcher.decide(asked.entries(items))
        for (item, verdict) in zip(items, verdicts) {
            if verdict == .notReplicated { throw .inDoubt }
            if let verdict { progress.record(verdict, for: item) }
        }
    }

    /// Decides the open items individually, on the slow path, and tries again where that helps.
    ///
    /// - Parameter lockWaitEnds: The moment until which to wait for locks that others hold; `nil` passes over locked
    ///   items.
    private func decideIndividually(
        _ asked: AskedCall, _ progress: inout DecisionProgress, lockWaitEnds: ContinuousClock.Instant?
    ) async throws(DecisionFailure) {
        let pool = lockWaitEnds == nil ? pool : waitingPool
        var retries = RetryDelay()
        while case let open = progress.open, !open.isEmpty {
            let batch = DecisionBatch(asked.entries(open), lockWaitEnds: lockWaitEnds)
            let transaction = SlowPath(batch: batch)
            var isLate = false
            do {
                let verdicts = try await pool.withConnection(
                    deadline: lockWaitEnds ?? asked.deadline, share: asked.call.operatorIdentifier.value
                ) { lease throws(PostgresError) in
                    try transaction.run(on: lease)
                }
                progress.record(verdicts, for: open)
                isLate = verdicts.contains(.deadlinePassed)
            } catch {
                guard case .failed(let error) = error else { throw .notApplied(error.requestFailure) }
                logger.warning("a decision transaction failed", metadata: .describing(error, batch: batch))
                if error.effect == .unknown {
                    let resolvingEnds = asked.call.deadline - .milliseconds(100)
                    guard let finding = await resolver.resolve(batch, deadline: resolvingEnds) else {
                        throw .inDoubt
                    }
                    progress.record(finding, for: open)
                } else if !error.isWorthRetrying {
                    throw .notApplied(error.requestFailure)
                }
            }
            if progress.open.isEmpty { return }
            // An item that is too late by the server's clock is too late at another try.
            guard !isLate, await retries.pause(before: asked.deadline) else {
                throw .notApplied(.serviceUnavailable)
            }
        }
    }
}
