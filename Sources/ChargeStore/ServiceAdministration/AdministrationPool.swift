import Authentication
import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The connections for `/admin`, with a login of their own in the role countersign_administration. They are made when they
/// are needed; a node without a connection string for them has none.
struct AdministrationPool: Sendable {
    /// `nil` if the node has no connection string.
    let pool: ConnectionPool<StoreConnection>?
    let logger: Logger

    /// The most connections.
    static let maximumConnections = 2
    /// The name of the setting that has the connection string.
    static let setting = "administration-database"

    /// Reads rows, which are replicated when this returns.
    func read<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> [Row] {
        let runner = QueryRunner(pool: try configured, logger: logger)
        do {
            return try await runner.replicatedRows(statement, input, deadline: deadline, readOnly: true)
        } catch {
            throw .request(error)
        }
    }

    /// Reads one operator's rows, without a chance to see another's.
    func readOperator<Input: OperatorRead, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> [Row] {
        let runner = QueryRunner(pool: try configured, logger: logger)
        do {
            return try await runner.operatorRows(statement, input, deadline: deadline)
        } catch {
            throw .request(error)
        }
    }

    /// Makes an administrator's change: a transaction that checks the administrator and runs one or two statements, in
    /// one round trip. What it changed, or found, is replicated when this returns.
    ///
    /// - Parameters:
    ///   - locksAdministrators: Whether the administrators of the service are locked first, for a change of them.
    ///   - purpose: What is done, for the log.
    func change<First: Sendable, FirstRow: Sendable, Second: Sendable, SecondRow: Sendable>(
        _ first: (statement: Statement<First, FirstRow>, input: First),
        then second: (statement: Statement<Second, SecondRow>, input: Second),
        by acting: ActingAdministrator, locksAdministrators: Bool = false, doing purpose: String,
        deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> (first: [FirstRow], second: [SecondRow]) {
        // A name with U+0000 is nobody's.
        guard !acting.name.utf8.contains(0) else { throw .refused(.sessionEnded) }
        let pool = try configured
        do {
            return try await pool.withRetries(deadline: deadline) { lease throws(PostgresError) in
                var pipeline = Pipeline()
                pipeline.addBegin()
                try pipeline.add(.limitStatement, max(1, (deadline - .now).milliseconds))
                if locksAdministrators { try pipeline.add(.lockAdministrators, ()) }
                try pipeline.add(.actAsAdministrator, acting)
                let firstRows = try pipeline.add(first.statement, first.input)
                let secondRows = try pipeline.add(second.statement, second.input)
                // Where nothing is changed, the answer rests on what the statements read.
                try pipeline.add(.noOpWrite, ())
                pipeline.addCommit()
                let results = try lease.connection.run(
                    pipeline, deadline: deadline + DeadlineBudget.answerMargin)
                return (first: try results.rows(firstRows), second: try results.rows(secondRows))
            }
        } catch {
            throw failure(error, doing: purpose)
        }
    }

    func change<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, by acting: ActingAdministrator,
        locksAdministrators: Bool = false, doing purpose: String, deadline: ContinuousClock.Instant
    ) async throws(ServiceAdministrationFailure) -> [Row] {
        try await change(
            (statement, input), then: (.nothing, ()), by: acting, locksAdministrators: locksAdministrators,
            doing: purpose, deadline: deadline
        ).first
    }

    private var configured: ConnectionPool<StoreConnection> {
        get throws(ServiceAdministrationFailure) {
            guard let pool else { throw .notConfigured(setting: Self.setting) }
            return pool
        }
    }

    private func failure(_ error: LeaseError<PostgresError>, doing purpose: String)
        -> ServiceAdministrationFailure
    {
        guard case .failed(let cause) = error else { return .request(error.requestFailure) }
        switch cause.sqlState {
        case .administratorSessionEnded: return .refused(.sessionEnded)
        case .invalidParameterValue: return .refused(.unknownZone)
        default: break
        }
        logger.warning(
            "\(purpose) failed",
            metadata: ["error": "\(cause.debugDescription)", "effect": "\(cause.effect)"])
        return .request(cause.effect == .unknown ? .outcomeUnknown : cause.requestFailure)
    }
}

extension SQLState {
    /// The code that the database raises for a zone that it does not know.
    static let invalidParameterValue = SQLState("22023")
}
