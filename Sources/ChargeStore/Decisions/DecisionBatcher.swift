import Charges
import ConnectionPool
import LibPQ
import Logging
import Synchronization
import Telemetry

/// The batcher, which decides the calls that wait in one batch. docs/deciding.md says why, and why the result is exact.
/// Any thread may call it.
final class DecisionBatcher: Sendable {
    private let pool: ConnectionPool<StoreConnection>
    private let resolver: InDoubtCommitResolver
    private let logger: Logger
    private let state: Mutex<State>
    private let nextIdentifier = Atomic<UInt64>(0)

    private struct State {
        var machine: BatcherStateMachine
        var jobs: [UInt64: Job] = [:]
        /// Whether a task is scheduled that refuses the calls whose deadline has come.
        var expiryIsDue = false
    }

    /// A call that waits for its verdicts, and the callback that takes them.
    private struct Job: Sendable {
        let entries: [DecisionBatch.Entry]
        var deadline: ContinuousClock.Instant { entries[0].asked.deadline }
        let answer: @Sendable (Result<[DecisionVerdict?], DecisionFailure>) -> Void
    }

    /// The batches' own share of the pool's queue, which is never longer than there are batches.
    private static let share = Int64.min

    init(
        pool: ConnectionPool<StoreConnection>, resolver: InDoubtCommitResolver,
        configuration: BatcherConfiguration,
        logger: Logger
    ) {
        self.pool = pool
        self.resolver = resolver
        self.logger = logger
        state = Mutex(State(machine: BatcherStateMachine(configuration)))
    }

    /// Decides some items of one call, in one batch with the items of other calls that wait.
    ///
    /// - Parameter entries: Items of one call, with no charge and no reference twice.
    /// - Returns: Each item's verdict, in order; `nil` where nothing was applied and the item must be decided
    ///   individually.
    /// - Throws: `DecisionFailure`, for the call as a whole.
    func decide(_ entries: [DecisionBatch.Entry]) async throws(DecisionFailure) -> [DecisionVerdict?] {
        let result: Result<[DecisionVerdict?], DecisionFailure> = await withCheckedContinuation {
            continuation in
            submit(Job(entries: entries) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    private func submit(_ job: Job) {
        let ticket = BatchTicket(
            job.entries, identifier: nextIdentifier.wrappingAdd(1, ordering: .relaxed).newValue)
        let (actions, expiry) = state.withLock { state in
            state.jobs[ticket.identifier] = job
            let actions = state.machine.submit(ticket, now: .now)
            guard state.machine.waitingCount > 0, !state.expiryIsDue else {
                return (actions, ContinuousClock.Instant?.none)
            }
            state.expiryIsDue = true
            return (actions, state.machine.earliestDeadline)
        }
        for action in actions { perform(action) }
        if let expiry { expire(at: expiry) }
    }

    /// Schedules the refusal of calls at their deadline, so that none waits longer, however long the batches under way
    /// take.
    private func expire(at instant: ContinuousClock.Instant) {
        Task { [weak self] in
            try? await Task.sleep(until: instant, clock: .continuous)
            guard let self else { return }
            let (actions, next) = state.withLock { state in
                let actions = state.machine.expire(now: .now)
                state.expiryIsDue = state.machine.waitingCount > 0
                return (actions, state.machine.earliestDeadline)
            }
            for action in actions { perform(action) }
            if let next { expire(at: next) }
        }
    }

    private func perform(_ action: BatchAction) {
        switch action {
        case .run(let tickets): run(tickets)
        case .refuse(let ticket, let refusal):
            job(of: ticket)?.answer(.failure(.notApplied(refusal.requestFailure)))
        }
    }

    private func job(of ticket: BatchTicket) -> Job? {
        state.withLock { $0.jobs.removeValue(forKey: ticket.identifier) }
    }

    private func end(_ tickets: [BatchTicket]) {
        let actions = state.withLock { $0.machine.ended(tickets, now: .now) }
        for action in actions { perform(action) }
    }

    // MARK: One batch

    private func run(_ tickets: [BatchTicket]) {
        let jobs = tickets.compactMap { job(of: $0) }
        let batched = GatheredBatch(jobs.map(\.entries))
        let batch = batched.batch
        pool.execute(deadline: batch.deadline, share: Self.share) { [self] lease throws(PostgresError) in
            let fastPath = FastPath(batch: batch)
            do throws(PostgresError) {
                var verdicts = try fastPath.decide(on: lease)
                // Calls without an open item are answered now, and the next batch may begin: neither the explanations
                // of other calls' refusals nor the commit that proves them keep it waiting.
                end(tickets)
                let isOpen = answerDecided(jobs, verdicts, batched)
                fastPath.explain(&verdicts, on: lease)
                return BatchResult(verdicts: verdicts, isOpen: isOpen, hasEnded: true)
            } catch {
                guard error.fallsBackToSlowPath else { throw error }
                // Another transaction took a reference meanwhile, for example. Nothing was applied, so the batch's id
                // can be used again, and the slow path costs that item alone.
                logger.debug(
                    "a batch falls back to the slow path", metadata: .describing(error, batch: batch))
                return BatchResult(
                    verdicts: try SlowPath(batch: batch).run(on: lease).map { $0.isFinal ? $0 : nil },
                    isOpen: jobs.map { _ in true }, hasEnded: false)
            }
        } completion: { [self] result in
            if case .success(let result) = result, result.hasEnded {} else { end(tickets) }
            finish(result, batched, jobs)
        }
    }

    /// The result of a batch, and which of its calls were answered already.
    private struct BatchResult: Sendable {
        let verdicts: [DecisionVerdict?]
        /// Whether each call still waits for its answer, in order.
        let isOpen: [Bool]
        /// Whether the state machine has been told of the batch's end.
        let hasEnded: Bool
    }

    /// Answers the calls whose items were all decided.
    ///
    /// - Returns: Whether each call still waits for its answer, in order.
    private func answerDecided(_ jobs: [Job], _ verdicts: [DecisionVerdict?], _ batched: GatheredBatch)
        -> [Bool]
    {
        zip(jobs, batched.byCall(verdicts)).map { job, verdicts in
            let isOpen = verdicts.contains { $0 == nil }
            if !isOpen { job.answer(.success(verdicts)) }
            return isOpen
        }
    }

    private func finish(
        _ result: Result<BatchResult, LeaseError<PostgresError>>, _ batched: GatheredBatch,
        _ jobs: [Job]
    ) {
        switch result {
        case .success(let result):
            for (index, verdicts) in batched.byCall(result.verdicts).enumerated() where result.isOpen[index] {
                jobs[index].answer(.success(verdicts))
            }
        case .failure(.refused(let refusal)):
            let now = ContinuousClock.now
            for job in jobs {
                // The batch had the time of its most urgent call. Calls with time left are decided individually.
                let goesOn = refusal == .deadlinePassed && job.deadline > now
                job.answer(
                    goesOn
                        ? .success(job.entries.map { _ in nil })
                        : .failure(.notApplied(refusal.requestFailure)))
            }
        case .failure(.failed(let error)):
            logger.warning(
                "a decision transaction failed", metadata: .describing(error, batch: batched.batch))
            guard error.effect == .unknown else {
                // Each call's items are decided individually.
                return answer(jobs, Array(repeating: nil, count: batched.batch.items.count), batched)
            }
            Task { await resolve(batched, jobs) }
        }
    }

    /// Resolves an in-doubt commit, as long as one of the calls has time. A call that has less time is answered at its
    /// deadline that its outcome is unknown.
    private func resolve(_ batched: GatheredBatch, _ jobs: [Job]) async {
        let latest = batched.batch.items.map(\.asked.call.deadline).max() ?? .now
        guard let finding = await resolver.resolve(batched.batch, deadline: latest - .milliseconds(100))
        else {
            for job in jobs { job.answer(.failure(.inDoubt)) }
            return
        }
        var verdicts = [DecisionVerdict?](repeating: nil, count: batched.batch.items.count)
        if case .committed(let decisions) = finding {
            for (index, made) in decisions { verdicts[index] = .outcome(.decided(made)) }
        }
        answer(jobs, verdicts, batched)
    }

    private func answer(_ jobs: [Job], _ verdicts: [DecisionVerdict?], _ batched: GatheredBatch) {
        for (job, verdicts) in zip(jobs, batched.byCall(verdicts)) { job.answer(.success(verdicts)) }
    }
}
