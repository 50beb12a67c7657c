package import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The provider repository on PostgreSQL.
package struct PostgresProviderRepository: ProviderRepository {
    let pool: ConnectionPool<StoreConnection>
    /// The few connections for calls that wait for locks that other sessions hold.
    let waitingPool: ConnectionPool<StoreConnection>
    let publisher: DecisionPublisher
    /// The time that a whole call waits for locks that others hold.
    let lockWait: Duration
    let logger: Logger

    /// The time that a call waits for locks before it gives up a connection for ordinary work.
    private static let shortWait = Duration.milliseconds(100)

    package func ingest(_ call: IngestCall) async throws(RequestFailure)
        -> [Result<IngestedCharge, ProviderFailure>]
    {
        let repeated = Self.repeated(call.charges.map { [$0.operatorCode, $0.providerChargeIdentifier] })
        let deadline = DeadlineBudget(answerBy: call.deadline, keeping: .provider).workEnds
        let missing = Result<IngestedCharge, ProviderFailure>.failure(ProviderFailure(.duplicateInRequest))
        return try await inTwoPasses(
            call.charges.indices.filter { !repeated.contains($0) },
            outcomes: Array(repeating: missing, count: call.charges.count),
            isLocked: { if case .failure(let failure) = $0 { failure.code == .chargeLocked } else { false } }
        ) { open, waitEnds throws(RequestFailure) in
            let charges = open.map { call.charges[$0] }
            return try await transact(waitEnds: waitEnds, deadline: deadline) { lease throws(PostgresError) in
                let lockWait = waitEnds.map { $0 - .now } ?? Self.shortWait
                return try lease.ingest(charges, lockWait: lockWait, until: deadline)
            }
        }
    }

    package func process(_ call: ProcessingCall) async throws(RequestFailure) -> [ProviderFailure?] {
        let repeated = Self.repeated(call.items.map { [$0.operatorCode, $0.number] })
        let deadline = DeadlineBudget(answerBy: call.deadline, keeping: .provider).workEnds
        return try await inTwoPasses(
            call.items.indices.filter { !repeated.contains($0) },
            outcomes: call.items.indices.map {
                repeated.contains($0) ? ProviderFailure(.duplicateInRequest) : nil
            },
            isLocked: { $0?.code == .chargeLocked }
        ) { open, waitEnds throws(RequestFailure) in
            let items = open.map { call.items[$0] }
            return try await transact(waitEnds: waitEnds, deadline: deadline) { lease throws(PostgresError) in
                let input = ProcessInput(
                    action: call.action, items: items,
                    lockWaitMilliseconds: waitEnds.map {
                        Int32(clamping: max(1, ($0 - .now).milliseconds))
                    } ?? 0,
                    deadline: lease.clock.time(at: deadline))
                return try lease.transact(.process, input, until: deadline, writesAlways: true)
            }
        }
    }

    /// Runs a call in two passes. The first leaves locked items out, so that they cost the others no time. The second
    /// waits for them, on a connection that is kept for that.
    ///
    /// - Parameters:
    ///   - open: The indices of the items that are to be run.
    ///   - outcomes: The outcomes of all items, of which those of the open ones are replaced.
    ///   - run: Runs items, given the moment until which to wait for locks; `nil` in the first pass.
    private func inTwoPasses<Outcome>(
        _ open: [Int], outcomes: [Outcome], isLocked: (Outcome) -> Bool,
        run: ([Int], ContinuousClock.Instant?) async throws(RequestFailure) -> [Outcome]
    ) async throws(RequestFailure) -> [Outcome] {
        let lockWaitEnds = ContinuousClock.now + lockWait
        var open = open
        var outcomes = outcomes
        for waits in [false, true] where !open.isEmpty {
            let found: [Outcome]
            do {
                found = try await run(open, waits ? lockWaitEnds : nil)
            } catch {
                // The items that are still open are locked, as the first pass found; nothing was applied to them.
                if waits, error.code == .serviceUnavailable { return outcomes }
                throw error
            }
            for (index, outcome) in zip(open, found) { outcomes[index] = outcome }
            open = open.filter { isLocked(outcomes[$0]) }
        }
        return outcomes
    }

    package func decisions(_ start: FeedStart, limit: Int, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> FeedPage
    {
        await publisher.publishForReader(deadline: deadline)
        let input = FeedInput(start: start, limit: limit)
        let rows = try await QueryRunner(pool: pool, logger: logger).replicatedRows(
            .readFeed, input, deadline: deadline)
        guard let first = rows.first else { throw .internalError }
        if case .after(let cursor) = start, cursor != first.start || !first.isReached {
            throw RequestFailure(
                .cursorExpired,
                "The feed no longer holds what was read up to this cursor; begin again with since=TIME.")
        }
        let decisions = rows.compactMap(\.decision)
        let next = decisions.last.map {
            FeedCursor(
                epoch: first.start.epoch, position: $0.published.position, batch: $0.batch.lastEightBytes)
        }
        return FeedPage(decisions: decisions.map(\.published), next: next ?? first.start)
    }

    /// The indices of the items that share their key with another item.
    private static func repeated(_ keys: [[ExactText]]) -> Set<Int> {
        Set(Dictionary(grouping: keys.indices) { keys[$0] }.values.filter { $0.count > 1 }.joined())
    }

    /// Runs transactions on a connection, and tries again where that helps. An in-doubt commit is not resolved: the
    /// caller may repeat the call without harm.
    ///
    /// - Parameter waitEnds: The moment until which to wait for one of the connections that wait for locks; `nil` for a
    ///   first try that passes over locked items.
    private func transact<Row: Sendable>(
        waitEnds: ContinuousClock.Instant?, deadline: ContinuousClock.Instant,
        _ work: @escaping @Sendable (StoreConnection) throws(PostgresError) -> [Row]
    ) async throws(RequestFailure) -> [Row] {
        var retries = RetryDelay()
        var isFirstTry = true
        repeat {
            let pool = waitEnds != nil || !isFirstTry ? waitingPool : pool
            do {
                return try await pool.withConnection(
                    deadline: min(waitEnds ?? deadline, deadline), share: .provider, work)
            } catch {
                guard case .failed(let error) = error else { throw .serviceUnavailable }
                logger.warning(
                    "a provider transaction failed",
                    metadata: ["error": "\(error.debugDescription)", "effect": "\(error.effect)"])
                if error.effect == .unknown { throw .providerOutcomeUnknown }
                if !error.isWorthRetrying { throw error.requestFailure }
            }
            isFirstTry = false
        } while await retries.pause(before: waitEnds ?? deadline)
        throw .serviceUnavailable
    }
}
