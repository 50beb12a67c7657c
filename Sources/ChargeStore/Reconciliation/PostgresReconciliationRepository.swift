import Charges
import ConnectionPool
import LibPQ
import Logging
import Scheduling

/// The reconciliations in PostgreSQL. Files come in, and are read, over connections that no decision waits for.
struct PostgresReconciliationRepository: ReconciliationRepository {
    let pool: ConnectionPool<StoreConnection>
    let reader: QueryRunner
    /// The node, in the database.
    let worker: PostgresUUID
    let logger: Logger

    func create(
        _ parameters: ReconciliationParameters, operatorIdentifier: OperatorIdentifier, username: String?,
        idempotencyKey: ExactText?
    ) async throws(ReconciliationFailure) -> any ReconciliationUpload {
        let new = NewReconciliation(
            operatorIdentifier: operatorIdentifier, parameters: parameters, username: username,
            idempotencyKey: idempotencyKey, worker: worker)
        let created = try await rows(.createReconciliation, new, deadline: .now + .seconds(10)).first
        guard let created else { throw .noSuchStatement }
        switch created.refusal {
        case .emptyPeriod: throw .emptyPeriod
        case .keyReused: throw .idempotencyKeyReused
        case .stillReceiving: throw .stillReceiving
        case .tooMany: throw .tooMany
        case nil: break
        }
        guard let number = created.number else { throw .request(.internalError) }
        return PostgresReconciliationUpload(
            repository: self, key: ReconciliationKey(operatorIdentifier: operatorIdentifier, number: number),
            format: parameters.format, isRepeat: created.isNew != true)
    }

    func list(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [Reconciliation] {
        let input = ReconciliationListInput(
            operatorIdentifier: operatorIdentifier, before: before, count: count)
        return try await read(.reconciliationList, input, deadline: deadline)
    }

    func show(operatorIdentifier: OperatorIdentifier, number: Int, deadline: ContinuousClock.Instant)
        async throws(ReconciliationFailure) -> (
            reconciliation: Reconciliation, totals: [ReconciliationTotal]
        )?
    {
        let key = ReconciliationKey(operatorIdentifier: operatorIdentifier, number: number)
        guard let reconciliation = try await reconciliation(key, deadline: deadline) else { return nil }
        return (reconciliation, try await read(.reconciliationTotals, key, deadline: deadline))
    }

    func differences(
        operatorIdentifier: OperatorIdentifier, number: Int, after: Int64,
        reconciliationClass: ReconciliationClass?,
        count: Int, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationDifference] {
        let input = DifferenceListInput(
            key: ReconciliationKey(operatorIdentifier: operatorIdentifier, number: number), after: after,
            reconciliationClass: reconciliationClass, count: count)
        return try await read(.reconciliationDifferences, input, deadline: deadline)
    }

    func close(
        _ closings: [(difference: Int64, reason: String)], operatorIdentifier: OperatorIdentifier,
        number: Int,
        username: String?, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [ReconciliationClosing] {
        let key = ReconciliationKey(operatorIdentifier: operatorIdentifier, number: number)
        guard try await reconciliation(key, deadline: deadline) != nil else { throw .noSuchReconciliation }
        let input = DifferenceClosings(
            key: key, identifiers: closings.map(\.difference), reasons: closings.map(\.reason),
            username: username)
        if let missing = try await rows(.closeReconciliationDifferences, input, deadline: deadline).first
            ?? nil
        {
            throw .noSuchDifference(missing)
        }
        return try await read(.reconciliationClosings, input, deadline: deadline)
    }

    /// A reconciliation without its totals; `nil` if there is none.
    func reconciliation(_ key: ReconciliationKey, deadline: ContinuousClock.Instant)
        async throws(ReconciliationFailure) -> Reconciliation?
    {
        let input = ReconciliationListInput(
            operatorIdentifier: key.operatorIdentifier, before: key.number + 1, count: 1)
        return try await read(.reconciliationList, input, deadline: deadline).first {
            $0.number == key.number
        }
    }

    private func read<Input: OperatorRead, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [Row] {
        do {
            return try await reader.operatorRows(statement, input, deadline: deadline)
        } catch {
            throw .request(error)
        }
    }

    /// Runs a statement that changes something, as a transaction of its own.
    func rows<Input: Sendable, Row: Sendable>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) async throws(ReconciliationFailure) -> [Row] {
        try await run(deadline: deadline) { lease throws(PostgresError) in
            try lease.transact(statement, input, until: deadline)
        }
    }

    /// Runs a body on a connection.
    func run<Value: Sendable>(
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (StoreConnection) throws(PostgresError) -> Value
    ) async throws(ReconciliationFailure) -> Value {
        do {
            return try await pool.withConnection(deadline: deadline, share: .background, body)
        } catch {
            if case .failed(let cause) = error {
                logger.warning("a reconciliation failed", metadata: ["error": "\(cause.debugDescription)"])
            }
            throw .request(error.requestFailure)
        }
    }
}
