import Charges
import ConnectionPool
import LibPQ
import Logging

/// The runner of single reading statements for the repositories. A statement whose session had ended runs again on
/// another one. Every failure means that the service cannot take the call, and that nothing was applied.
struct QueryRunner: Sendable {
    let pool: ConnectionPool<StoreConnection>
    let logger: Logger

    /// The time by which a statement ends before its call's deadline. Cancelling a statement that gets no answer takes
    /// time, so the caller has its answer by the deadline even then.
    private static let cancelMargin = Duration.seconds(1)

    /// Reads rows that no answer rests on, or that only let a call continue whose own transaction comes later.
    ///
    /// - Parameter share: The operator whose share of the queue the reading counts against; 0 if it belongs to none.
    func rows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant,
        share: Int64 = 0
    ) async throws(RequestFailure) -> [Row] {
        try await run(statement, deadline: deadline, share: share) { lease, ends throws(PostgresError) in
            try lease.connection.run(statement, input, deadline: ends)
        }
    }

    /// Reads rows that an answer rests on: they are replicated when this returns (`Connection.runReplicated`).
    func replicatedRows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant,
        share: Int64 = 0
    ) async throws(RequestFailure) -> [Row] {
        try await run(statement, deadline: deadline, share: share) { lease, ends throws(PostgresError) in
            try lease.connection.runReplicated(statement, input, deadline: ends)
        }
    }

    private func run<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, deadline: ContinuousClock.Instant, share: Int64,
        _ read: @escaping @Sendable (StoreConnection, ContinuousClock.Instant) throws(PostgresError) -> [Row]
    ) async throws(RequestFailure) -> [Row] {
        let statementEnds = deadline - min(Self.cancelMargin, (deadline - .now) / 2)
        do {
            return try await pool.withRetries(deadline: deadline, share: share) {
                lease throws(PostgresError) in
                try read(lease, statementEnds)
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
