import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

// What a node does about an error of the database. What the codes mean is in `SQLState.remedy`; this adds the service's
// own codes, the tries, and the answer to the caller.

extension PostgresError {
    /// Whether a transaction that was not applied may succeed at another try.
    var isWorthRetrying: Bool { handledRemedy == .runAgain }

    /// The answer to the caller for a transaction that was not applied and is not tried again.
    var requestFailure: RequestFailure {
        handledRemedy == .change ? .internalError : .serviceUnavailable
    }

    private var handledRemedy: SQLState.Remedy {
        sqlState == .callDeadlinePassed && effect == .notApplied ? .wait : remedy
    }
}

extension SQLState {
    /// The code that the functions of the schema raise when a call's deadline passes during their work; nothing was
    /// applied.
    static let callDeadlinePassed = SQLState("CS001")

    /// The code that `countersign.act_as_administrator` raises when the administrator's session has ended; nothing was
    /// applied.
    static let administratorSessionEnded = SQLState("CS002")
}

/// The pauses between tries: random, with a bound that doubles each time, and limited in number.
struct RetryDelay: Sendable {
    private static let maximumRetries = 12
    private static let firstMilliseconds = 10
    private static let longestMilliseconds = 640
    private var retries = 0

    /// Waits before the next try.
    ///
    /// - Returns: `false`, at once, if the tries are used up or the next one would begin after the deadline.
    mutating func pause(before deadline: ContinuousClock.Instant) async -> Bool {
        guard retries < Self.maximumRetries else { return false }
        let bound = min(Self.longestMilliseconds, Self.firstMilliseconds << retries)
        retries += 1
        let wakes = ContinuousClock.now + .milliseconds(Int.random(in: 0...bound))
        guard wakes < deadline else { return false }
        try? await Task.sleep(until: wakes, clock: .continuous)
        return true
    }
}

extension ConnectionPool<StoreConnection> {
    /// Executes work on a connection, and again on another one if it was certainly not applied and another try may
    /// succeed: its session had ended while it was idle, say.
    ///
    /// - Parameters:
    ///   - deadline: The moment by which each try starts.
    ///   - share: The share of the queue that the work counts against.
    func withRetries<Value: Sendable>(
        deadline: ContinuousClock.Instant, share: QueueShare = .common,
        _ work: @escaping @Sendable (StoreConnection) throws(PostgresError) -> Value
    ) async throws(LeaseError<PostgresError>) -> Value {
        var retries = RetryDelay()
        while true {
            do {
                return try await withConnection(deadline: deadline, share: share, work)
            } catch {
                guard case .failed(let cause) = error, cause.effect != .unknown, cause.isWorthRetrying,
                    await retries.pause(before: deadline)
                else { throw error }
            }
        }
    }
}

extension ConnectionPool<StoreConnection> {
    /// Runs a statement that a call's answer rests on as a transaction of its own, which may change something. What it
    /// changed, or found, is durable and replicated when this returns.
    ///
    /// - Parameter purpose: What is done, for the log.
    /// - Throws: `serviceUnavailable` or `internalError` if nothing was applied, `outcomeUnknown`.
    func change<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String,
        deadline: ContinuousClock.Instant, share: QueueShare = .common, logger: Logger
    ) async throws(RequestFailure) -> [Row] {
        do {
            return try await withRetries(deadline: deadline, share: share) { lease throws(PostgresError) in
                // Where nothing is changed, the answer rests on what the statement read.
                try lease.transact(statement, input, until: deadline, writesAlways: true)
            }
        } catch {
            guard case .failed(let cause) = error else { throw error.requestFailure }
            logger.warning(
                "\(purpose) failed",
                metadata: ["error": "\(cause.debugDescription)", "effect": "\(cause.effect)"])
            throw cause.effect == .unknown ? .outcomeUnknown : cause.requestFailure
        }
    }

    /// Deletes rows step by step, as long as there are any. A failure is logged, and the rest is left to the next time.
    ///
    /// - Parameters:
    ///   - step: One deletion, whose row is the number of rows that it took, up to `maximum`.
    ///   - purpose: What is done, for the log.
    func purge(
        _ step: Statement<Void, Int64>, maximum: Int64, doing purpose: String, logger: Logger
    ) async {
        var purged = maximum
        while purged == maximum, !Task.isCancelled {
            let rows = await attempt(step, (), doing: purpose, within: .seconds(10), logger: logger)
            purged = rows?.first ?? 0
        }
    }

    /// Runs a statement of a node's background work, as a transaction of its own. A failure is logged, and the work is left
    /// to the next time.
    ///
    /// - Parameters:
    ///   - purpose: What is done, for the log.
    ///   - time: The time that it may take.
    /// - Returns: The rows; `nil` after a failure.
    func attempt<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, doing purpose: String, within time: Duration,
        logger: Logger
    ) async -> [Row]? {
        let deadline = ContinuousClock.now + time
        do {
            return try await withConnection(deadline: deadline, share: .background) {
                lease throws(PostgresError) in
                try lease.transact(statement, input, until: deadline)
            }
        } catch {
            logger.warning("\(purpose) failed", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
