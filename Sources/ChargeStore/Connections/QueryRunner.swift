import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The runner of single reading statements for the repositories. A statement whose session had ended runs again on
/// another one. Every failure means that the service cannot take the call, and that nothing was applied.
struct QueryRunner: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// Reads rows that no answer rests on, or that only let a call continue whose own transaction comes later.
    ///
    /// - Parameter share: The share of the pool's queue that the reading counts against.
    func rows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant,
        share: QueueShare = .common
    ) async throws(RequestFailure) -> [Row] {
        try await run(statement, deadline: deadline, share: share) { lease, ends throws(PostgresError) in
            try lease.connection.run(statement, input, deadline: ends)
        }
    }

    /// Reads rows that an answer rests on: they are replicated when this returns (`Connection.runReplicated`).
    ///
    /// - Parameter readOnly: Whether the server refuses every change of the statement.
    func replicatedRows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant,
        share: QueueShare = .common, readOnly: Bool = false
    ) async throws(RequestFailure) -> [Row] {
        try await run(statement, deadline: deadline, share: share) { lease, ends throws(PostgresError) in
            try lease.connection.runReplicated(statement, input, deadline: ends, readOnly: readOnly)
        }
    }

    /// Reads one operator's data, without a chance to see another's (`Connection.runAsReader`).
    ///
    /// - Parameter replicated: Whether an answer rests on the rows, which are then replicated when this returns.
    func operatorRows<Input: OperatorRead, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, replicated: Bool = true,
        deadline: ContinuousClock.Instant, share: QueueShare = .common
    ) async throws(RequestFailure) -> [Row] {
        try await run(statement, deadline: deadline, share: share) { lease, ends throws(PostgresError) in
            try lease.connection.runAsReader(statement, input, replicated: replicated, deadline: ends)
        }
    }

    private func run<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, deadline: ContinuousClock.Instant, share: QueueShare,
        _ read: @escaping @Sendable (StoreConnection, ContinuousClock.Instant) throws(PostgresError) -> [Row]
    ) async throws(RequestFailure) -> [Row] {
        let workEnds = DeadlineBudget(answerBy: deadline, keeping: .reading).workEnds
        do {
            return try await pool.withRetries(deadline: deadline, share: share) {
                lease throws(PostgresError) in
                try read(lease, workEnds)
            }
        } catch {
            if case .failed(let cause) = error {
                logger.warning(
                    "a statement failed",
                    metadata: ["statement": "\(statement.name)", "error": "\(cause.debugDescription)"])
            }
            throw error.requestFailure
        }
    }
}

extension PoolRefusal {
    /// The answer to the caller. Nothing was applied, whatever the reason.
    var requestFailure: RequestFailure {
        switch self {
        case .shareExceeded: .operatorBeyondShare
        default: .serviceUnavailable
        }
    }
}

extension LeaseError<PostgresError> {
    /// The answer to the caller of a call of which nothing was applied.
    var requestFailure: RequestFailure {
        switch self {
        case .refused(let refusal): refusal.requestFailure
        case .failed(let error): error.requestFailure
        }
    }
}
