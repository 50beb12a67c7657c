import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling
import Synchronization
import Telemetry

/// The batcher, which decides the calls that wait in one batch. docs/deciding.md says why, and why the result is exact.
/// Any thread may call it.
final class DecisionBatcher: Sendable {
    private let pool: ConnectionPool<StoreConnection>
    private let resolver: InDoubtCommitResolver
    private let logger: Logger
    private let metrics: MetricsRecorder
    private let slowBatchTime: Duration
    private let timer = DeadlineTimer()
    private let state: Mutex<State>
    private let nextIdentifier = Atomic<UInt64>(0)

    private struct State {
        var machine: BatcherStateMachine
        /// The deadline that the timer watches, at which the calls are refused that wait in vain.
        var expiry: DeadlineTimer.Ticket?
        var lockWarnings = WarningLimit()
        var forgottenKeyWarnings = WarningLimit()
    }

    init(
        pool: ConnectionPool<StoreConnection>, resolver: InDoubtCommitResolver,
        configuration: BatcherConfiguration,
        logger: Logger, metrics: MetricsRecorder
    ) {
        self.pool = pool
        self.resolver = resolver
        self.logger = logger
        self.metrics = metrics
        slowBatchTime = configuration.slowBatchTime
        state = Mutex(State(machine: BatcherStateMachine(configuration)))
    }

    /// The numbers of calls that wait for a batch of decisions, and for one of acknowledgements.
    var waitingCounts: (decisions: Int, acknowledgements: Int) {
        state.withLock { state in
            let acknowledgements = state.machine.waitingAcknowledgements
            return (state.machine.waitingCount - acknowledgements, acknowledgements)
        }
    }

    /// Decides some items of a call, in one batch with the items of other calls that wait.
    ///
    /// - Parameters:
    ///   - items: The indices of the items, at least one, with no charge and no reference twice.
    ///   - clock: The server's clock as the node knew it when the call began.
    /// - Returns: Each item's verdict, in order; `nil` where nothing was applied and the item must be decided
    ///   individually; `locked` where that must wait for another session, and the item was perhaps in no batch.
    /// - Throws: `DecisionFailure`, for the call as a whole.
    func decide(_ call: DecisionCall, items: [Int], budget: DeadlineBudget, clock: ServerClock?)
        async throws(DecisionFailure) -> [DecisionVerdict?]
    {
        let locked = state.withLock { $0.machine.lockedItems(items, of: call, now: .now) }
        if locked.isEmpty { return try await decideBatch(call, items, budget, clock) }
        metrics.count(.lockedItems, ["kept_out"], by: locked.count)
        let others = items.filter { !locked.contains($0) }
        let verdicts = try await others.isEmpty ? [] : decideBatch(call, others, budget, clock)
        return items.map { item in
            locked.contains(item) ? .locked : others.firstIndex(of: item).flatMap { verdicts[$0] }
        }
    }

    /// Keeps some items of a call out of batches for a while: another session was found to hold them.
    func keepOut(_ items: [Int], of call: DecisionCall) {
        guard !items.isEmpty else { return }
        metrics.count(.lockedItems, ["found"], by: items.count)
        var keys: [BatchKey] = []
        for item in items { keys.append(keysOf: call.items[item], of: call.operatorIdentifier) }
        handle { $0.keepOut(keys, now: .now) }
    }

    private func decideBatch(
        _ call: DecisionCall, _ items: [Int], _ budget: DeadlineBudget, _ clock: ServerClock?
    ) async throws(DecisionFailure) -> [DecisionVerdict?] {
        let identifier = nextIdentifier.wrappingAdd(1, ordering: .relaxed).newValue
        let result = await withCheckedContinuation { caller in
            submit(
                QueuedCall(
                    call, items: items, budget: budget, clock: clock, identifier: identifier, caller: caller))
        }
        return try result.get()
    }

    private func submit(_ call: QueuedCall) {
        handle { $0.submit(call, now: .now) }
    }

    private func end(_ batch: DecisionBatch, locked: [BatchKey] = []) {
        handle { $0.ended(batch.calls, locked: locked, now: .now) }
    }

    /// Refuses calls at their deadline, so that none waits longer, however long the batches under way take.
    private func expire() {
        state.withLock { $0.expiry = nil }
        handle { $0.expire(now: .now) }
    }

    /// Passes an event to the state machine, and performs the actions that it returns.
    private func handle(_ event: (inout BatcherStateMachine) -> [BatchAction]) {
        let actions = state.withLock { state in
            let actions = event(&state.machine)
            watchExpiry(&state)
            return actions
        }
        for action in actions {
            switch action {
            case .run(let calls): run(DecisionBatch(calls))
            case .refuse(let call, let refusal): call.answer(.failure(.notApplied(refusal.requestFailure)))
            case .keepOut(let call, let locked):
                metrics.count(.lockedItems, ["kept_out"], by: locked.count)
                call.answer(.success(call.items.map { locked.contains($0) ? .locked : nil }))
            case .reportForgottenKeys(let count): reportForgottenKeys(count)
            }
        }
    }

    private func watchExpiry(_ state: inout State) {
        guard let next = state.machine.earliestDeadline, state.expiry.map({ next < $0.deadline }) ?? true
        else { return }
        if let later = state.expiry { timer.forget(later) }
        state.expiry = timer.watch(next) { [weak self] in self?.expire() }
    }

    // MARK: One batch

    private func run(_ batch: DecisionBatch) {
        pool.execute(deadline: batch.deadline, share: .batches) { [self] lease throws(PostgresError) in
            let fastPath = FastPath(batch: batch)
            let began = ContinuousClock.now
            do throws(PostgresError) {
                var verdicts = try fastPath.decide(on: lease)
                record(batch, since: began, path: "fast")
                // Calls without an open item are answered now, and the next batch may begin: neither the explanations
                // of other calls' refusals nor the commit that proves them keep it waiting.
                end(batch)
                let isOpen = answerDecided(batch, verdicts)
                fastPath.explain(&verdicts, on: lease)
                return BatchResult(verdicts: verdicts, isOpen: isOpen, hasEnded: true)
            } catch {
                guard error.fallsBackToSlowPath else { throw error }
                // Another transaction took a reference meanwhile, for example. Nothing was applied, so the batch's id
                // can be used again, and the slow path costs that item alone.
                logger.debug(
                    "a batch falls back to the slow path", metadata: .describing(error, batch: batch))
                let verdicts = try SlowPath(batch: batch).run(on: lease)
                record(batch, since: began, path: "slow")
                let hasWaited = error.sqlState == .lockNotAvailable
                if hasWaited { reportLockTimeout(error, batch, verdicts) }
                return BatchResult(
                    verdicts: verdicts.map { $0.isFinal || hasWaited && $0.isLocked ? $0 : nil },
                    isOpen: batch.calls.map { _ in true }, hasEnded: false,
                    locked: hasWaited ? batch.lockedKeys(verdicts) : [])
            }
        } completion: { [self] result in
            switch result {
            case .success(let result) where result.hasEnded: break
            case .success(let result): end(batch, locked: result.locked)
            case .failure: end(batch)
            }
            finish(result, batch)
        }
    }

    /// The result of a batch, and which of its calls were answered already.
    private struct BatchResult: Sendable {
        let verdicts: [DecisionVerdict?]
        /// Whether each call still waits for its answer, in order.
        let isOpen: [Bool]
        /// Whether the state machine knows of the batch's end.
        let hasEnded: Bool
        /// The keys that made the batch wait for a lock in vain, which stay out of the next batches.
        var locked: [BatchKey] = []
    }

    /// Answers the calls whose items were all decided.
    ///
    /// - Returns: Whether each call still waits for its answer, in order.
    private func answerDecided(_ batch: DecisionBatch, _ verdicts: [DecisionVerdict?]) -> [Bool] {
        zip(batch.calls, batch.byCall(verdicts)).map { call, verdicts in
            let isOpen = verdicts.contains { $0 == nil }
            if !isOpen { call.answer(.success(verdicts)) }
            return isOpen
        }
    }

    private func finish(_ result: Result<BatchResult, LeaseError<PostgresError>>, _ batch: DecisionBatch) {
        switch result {
        case .success(let result):
            for (index, verdicts) in batch.byCall(result.verdicts).enumerated() where result.isOpen[index] {
                batch.calls[index].answer(.success(verdicts))
            }
        case .failure(.refused(let refusal)):
            let now = ContinuousClock.now
            for call in batch.calls {
                // The batch had the time of its most urgent call. Calls with time left are decided individually.
                let goesOn = refusal == .deadlinePassed && call.deadline > now
                call.answer(
                    goesOn
                        ? .success(call.items.map { _ in nil })
                        : .failure(.notApplied(refusal.requestFailure)))
            }
        case .failure(.failed(let error)):
            logger.warning("a decision transaction failed", metadata: .describing(error, batch: batch))
            guard error.effect == .unknown else {
                // Each call's items are decided individually.
                return answer(batch, Array(repeating: nil, count: batch.items.count))
            }
            Task { await resolve(batch) }
        }
    }

    /// Resolves an in-doubt commit, as long as one of the calls has time. A call that has less time is answered at its
    /// deadline that its outcome is unknown.
    private func resolve(_ batch: DecisionBatch) async {
        let latest = batch.calls.lazy.map(\.budget.resolvingEnds).max() ?? .now
        guard let resolution = await resolver.resolve(batch, deadline: latest) else {
            for call in batch.calls { call.answer(.failure(.inDoubt)) }
            return
        }
        var verdicts = [DecisionVerdict?](repeating: nil, count: batch.items.count)
        if case .committed(let decisions) = resolution {
            for (index, made) in decisions { verdicts[index] = .outcome(.decided(made)) }
        }
        answer(batch, verdicts)
    }

    private func answer(_ batch: DecisionBatch, _ verdicts: [DecisionVerdict?]) {
        for (call, verdicts) in zip(batch.calls, batch.byCall(verdicts)) { call.answer(.success(verdicts)) }
    }

    private func record(_ batch: DecisionBatch, since began: ContinuousClock.Instant, path: String) {
        let ended = ContinuousClock.now
        metrics.record(.batchSeconds, [path], ended - began)
        metrics.record(.batchCalls, [], number: batch.calls.count)
        metrics.record(.batchItems, [], number: batch.items.count)
        let arrived = batch.calls.lazy.map(\.arrived).min() ?? began
        guard ended - arrived > slowBatchTime else { return }
        logger.notice(
            "a batch was slow",
            metadata: [
                "calls": "\(batch.calls.count)", "items": "\(batch.items.count)", "path": "\(path)",
                "waiting_milliseconds": "\((began - arrived).milliseconds)",
                "database_milliseconds": "\((ended - began).milliseconds)",
            ])
    }

    // MARK: Bounds that were met

    /// - Parameter verdicts: The slow path's, which say which items other sessions hold.
    private func reportLockTimeout(
        _ error: PostgresError, _ batch: DecisionBatch, _ verdicts: [DecisionVerdict]
    ) {
        let lockedItems = verdicts.count { $0.isLocked }
        metrics.count(.batchLockTimeouts, [])
        metrics.count(.lockedItems, ["found"], by: lockedItems)
        guard state.withLock({ $0.lockWarnings.admits(now: .now) }) else { return }
        var metadata = Logger.Metadata.describing(error, batch: batch)
        metadata["locked_items"] = "\(lockedItems)"
        logger.warning("a batch waited in vain for a lock of another session", metadata: metadata)
    }

    private func reportForgottenKeys(_ count: Int) {
        metrics.count(.lockedItems, ["forgotten"], by: count)
        guard state.withLock({ $0.forgottenKeyWarnings.admits(now: .now) }) else { return }
        logger.warning(
            "other sessions hold more charges and references than are kept out of batches",
            metadata: ["forgotten": "\(count)"])
    }
}
