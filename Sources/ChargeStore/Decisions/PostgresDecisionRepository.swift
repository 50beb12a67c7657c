package import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

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
    let reserve: DeadlineBudget.Reserve
    let logger: Logger

    package func decide(_ call: DecisionCall) async throws(RequestFailure) -> [ItemOutcome] {
        var progress = DecisionProgress(DecisionPreflight(call.items))
        let lockWaitEnds = ContinuousClock.now + lockWait
        let budget = DeadlineBudget(answerBy: call.deadline, keeping: reserve)
        let clock = cluster.clock
        do {
            try await decideBatch(call, budget, clock, &progress)
            try await decideIndividually(call, budget, clock, &progress, lockWaitEnds: nil)
        } catch .notApplied(let failure) where !progress.somethingCommitted {
            throw failure
        } catch {
            throw .outcomeUnknown
        }
        guard progress.reopenLocked() else { return progress.outcomes }
        do {
            try await decideIndividually(
                call, budget, clock, &progress, lockWaitEnds: min(lockWaitEnds, budget.workEnds))
        } catch .notApplied {
            // Nothing was applied to the items that are still open: they count as locked.
        } catch {
            throw .outcomeUnknown
        }
        batcher.keepOut(progress.locked, of: call)
        return progress.outcomes
    }

    package func dryRun(_ call: DecisionCall) async throws(RequestFailure) -> [DryRunOutcome] {
        try await DryRun(call).outcomes(from: QueryRunner(pool: pool, logger: logger))
    }

    /// Decides the open items in one batch with those of other calls. Of items with the same reference, it takes the
    /// first.
    private func decideBatch(
        _ call: DecisionCall, _ budget: DeadlineBudget, _ clock: ServerClock?,
        _ progress: inout DecisionProgress
    ) async throws(DecisionFailure) {
        var references: Set<ExactText> = []
        let items = progress.open.filter { index in
            call.items[index].referenceNumber.map { references.insert($0).inserted } ?? true
        }
        guard !items.isEmpty else { return }
        let verdicts = try await batcher.decide(call, items: items, budget: budget, clock: clock)
        for (item, verdict) in zip(items, verdicts) {
            if verdict == .notReplicated { throw .inDoubt }
            if let verdict { progress.record(verdict, for: item) }
        }
        // A locked item keeps its turn for its reference number: later items with the same one wait with it.
        let awaited = Set(progress.locked.compactMap { call.items[$0].referenceNumber })
        for item in progress.open where call.items[item].referenceNumber.map(awaited.contains) ?? false {
            progress.record(.locked, for: item)
        }
    }

    /// Decides the open items individually, on the slow path, and tries again where that helps.
    ///
    /// - Parameter lockWaitEnds: The moment until which to wait for locks that others hold; `nil` passes over locked
    ///   items.
    private func decideIndividually(
        _ call: DecisionCall, _ budget: DeadlineBudget, _ clock: ServerClock?,
        _ progress: inout DecisionProgress, lockWaitEnds: ContinuousClock.Instant?
    ) async throws(DecisionFailure) {
        let pool = lockWaitEnds == nil ? pool : waitingPool
        var retries = RetryDelay()
        while case let open = progress.open, !open.isEmpty {
            let queued = QueuedCall(call, items: open, budget: budget, clock: clock)
            let batch = DecisionBatch(queued, lockWaitEnds: lockWaitEnds)
            var isLate = false
            do {
                let verdicts = try await pool.withConnection(
                    deadline: lockWaitEnds ?? budget.workEnds, share: .operator(call.operatorIdentifier.value)
                ) { lease throws(PostgresError) in
                    try SlowPath(batch: batch).run(on: lease)
                }
                progress.record(verdicts, for: open)
                isLate = verdicts.contains(.deadlinePassed)
            } catch {
                guard case .failed(let error) = error else { throw .notApplied(error.requestFailure) }
                logger.warning("a decision transaction failed", metadata: .describing(error, batch: batch))
                if error.effect == .unknown {
                    guard let resolution = await resolver.resolve(batch, deadline: budget.resolvingEnds)
                    else {
                        throw .inDoubt
                    }
                    progress.record(resolution, for: open)
                } else if !error.isWorthRetrying {
                    throw .notApplied(error.requestFailure)
                }
            }
            if progress.open.isEmpty { return }
            // An item that is too late by the server's clock is too late at another try.
            guard !isLate, await retries.pause(before: budget.workEnds) else {
                throw .notApplied(.serviceUnavailable)
            }
        }
    }
}
