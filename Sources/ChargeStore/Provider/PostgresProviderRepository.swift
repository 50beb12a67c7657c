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

    /// The time that a call waits for an operator's row before it gives up a connection for ordinary work.
    private static let shortWaitMilliseconds = 100

    package func ingest(_ call: IngestCall) async throws(RequestFailure)
        -> [Result<IngestedCharge, ProviderFailure>]
    {
        let repeated = Self.repeated(call.charges.map { [$0.operatorCode, $0.providerChargeIdentifier] })
        let open = call.charges.indices.filter { !repeated.contains($0) }
        var outcomes = [Result<IngestedCharge, ProviderFailure>](
            repeating: .failure(ProviderFailure(.duplicateInRequest)), count: call.charges.count)
        guard !open.isEmpty else { return outcomes }
        let charges = open.map { call.charges[$0] }
        let lockWait = lockWait
        let workEnds = DeadlineBudget(answerBy: call.deadline, keeping: .provider).workEnds
        let found = try await transact(deadline: workEnds) {
            isFirstTry, deadline, clock in
            IngestInput(
                charges: charges,
                lockWaitMilliseconds: isFirstTry ? Self.shortWaitMilliseconds : lockWait.milliseconds,
                deadline: clock.time(at: deadline))
        } statement: {
            .ingest
        }
        for (index, outcome) in zip(open, found) { outcomes[index] = outcome }
        return outcomes
    }

    package func process(_ call: ProcessingCall) async throws(RequestFailure) -> [ProviderFailure?] {
        let repeated = Self.repeated(call.items.map { [$0.operatorCode, $0.number] })
        var outcomes = call.items.indices.map {
            repeated.contains($0) ? ProviderFailure(.duplicateInRequest) : nil
        }
        let lockWaitEnds = ContinuousClock.now + lockWait
        let deadline = DeadlineBudget(answerBy: call.deadline, keeping: .provider).workEnds
        var open = call.items.indices.filter { !repeated.contains($0) }
        // The first pass leaves locked items out, so that they cost the others no time.
        for waits in [false, true] where !open.isEmpty {
            let items = open.map { call.items[$0] }
            let found: [ProviderFailure?]
            do {
                found = try await transact(waitEnds: waits ? lockWaitEnds : nil, deadline: deadline) {
                    _, deadline, clock in
                    ProcessInput(
                        action: call.action, items: items,
                        lockWaitMilliseconds: waits ? max(1, (lockWaitEnds - .now).milliseconds) : 0,
                        deadline: clock.time(at: deadline))
                } statement: {
                    .process
                }
            } catch {
                // The items that are still open are locked, as the first pass found; nothing was applied to them.
                if waits, error.code == .serviceUnavailable { return outcomes }
                throw error
            }
            for (index, outcome) in zip(open, found) { outcomes[index] = outcome }
            open = open.filter { outcomes[$0]?.code == .chargeLocked }
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

    /// Runs one statement as a transaction, and tries again where that helps. An in-doubt commit is not resolved: the
    /// caller may repeat the call without harm.
    ///
    /// - Parameters:
    ///   - waitEnds: The moment until which to wait for one of the connections that wait for locks; `nil` for a first
    ///     try that passes over locked items.
    ///   - input: Makes the statement's input from whether this is the first try, the deadline, and the server's clock.
    private func transact<Input, Row: Sendable>(
        waitEnds: ContinuousClock.Instant? = nil, deadline: ContinuousClock.Instant,
        _ input: @escaping @Sendable (Bool, ContinuousClock.Instant, ServerClock) -> Input,
        statement: @escaping @Sendable () -> Statement<Input, Row>
    ) async throws(RequestFailure) -> [Row] {
        var retries = RetryDelay()
        var isFirstTry = true
        repeat {
            let pool = waitEnds != nil || !isFirstTry ? waitingPool : pool
            do {
                return try await pool.withConnection(
                    deadline: min(waitEnds ?? deadline, deadline), share: .provider
                ) { [isFirstTry] lease throws(PostgresError) in
                    try lease.transact(
                        statement(), input(isFirstTry, deadline, lease.clock), until: deadline,
                        writesAlways: true)
                }
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
