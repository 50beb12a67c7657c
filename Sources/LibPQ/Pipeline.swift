import CLibPQ

/// A pipeline: statements that are sent and answered in one round trip (manual, chapter 34.5).
///
/// ```swift
/// var pipeline = Pipeline()
/// pipeline.addBegin()
/// let account = try pipeline.add(.accountByName, "joe")
/// pipeline.addCommit()
/// let results = try connection.run(pipeline, deadline: deadline)
/// let identifiers = try results.rows(account)
/// ```
///
/// The server stops at the first statement that fails and skips the rest. Without `addBegin` the statements are one
/// transaction as well, which commits when the last has run. If the server warns that this commit did not wait for its
/// synchronous standby, that becomes `PostgresError.commitInDoubt`.
public struct Pipeline: Sendable {
    /// One statement with its parameters bound.
    struct Step: Sendable {
        let name: String
        let sql: String
        var parameterTypes: [PostgresType] = []
        var parameters = Parameters()
        var isCommit = false
    }

    private(set) var steps: [Step] = []
    /// The number of steps that `begin(with:)` added in front.
    private(set) var setupCount = 0

    /// An empty pipeline.
    public init() {}

    /// Whether one of the statements is a COMMIT. Such a pipeline is never cancelled.
    var commits: Bool { steps.contains(where: \.isCommit) }

    /// Adds a BEGIN. The transaction is READ COMMITTED, whatever the session's default is. It may write unless the
    /// server or the session takes no writes: a server that was demoted then answers 25006.
    public mutating func addBegin() {
        append(Step(name: Self.beginName, sql: "BEGIN ISOLATION LEVEL READ COMMITTED"))
    }

    /// Adds a COMMIT, after which nothing can be added. A warning of the server that the commit may not be on a standby
    /// becomes `PostgresError.commitInDoubt`.
    public mutating func addCommit() {
        append(Step(name: "libpq_commit", sql: "COMMIT", isCommit: true))
    }

    /// Adds a statement.
    ///
    /// - Returns: The slot of its rows.
    /// - Throws: `PostgresError.invalidInput`.
    @discardableResult
    public mutating func add<Input, Row>(_ statement: Statement<Input, Row>, _ input: Input)
        throws(PostgresError)
        -> PipelineSlot<Row>
    {
        guard !statement.containsNul else { throw .invalidInput("a statement cannot hold a NUL character") }
        var parameters = Parameters()
        for parameter in statement.parameters { try parameter.bind(input, &parameters) }
        append(
            Step(
                name: statement.name, sql: statement.sql, parameterTypes: statement.parameterTypes,
                parameters: parameters))
        return PipelineSlot(index: steps.count - 1, decode: statement.decode)
    }

    /// Puts a statement at the beginning of the pipeline's transaction, which is READ COMMITTED then.
    mutating func begin(with setup: Statement<Void, Void>) {
        var added = [Step(name: setup.name, sql: setup.sql)]
        if steps.first?.name != Self.beginName {
            // SET TRANSACTION would warn that there is no BEGIN.
            let sql = "SET transaction_isolation TO 'read committed'"
            added.insert(Step(name: "libpq_isolation", sql: sql), at: 0)
        }
        steps.insert(contentsOf: added, at: 2 - added.count)
        setupCount = added.count
    }

    private static let beginName = "libpq_begin"

    /// Appends a step, which must not follow a COMMIT. The error of a step after a COMMIT would say that nothing was
    /// applied, and a pipeline that is run again would be applied twice.
    private mutating func append(_ step: Step) {
        precondition(steps.last?.isCommit != true, "a pipeline ends with its COMMIT")
        steps.append(step)
    }
}

/// The place of one statement's rows in a pipeline's results.
public struct PipelineSlot<Row>: Sendable {
    let index: Int
    let decode: @Sendable (inout RowReader) throws(PostgresError) -> Row
}

/// The results of a pipeline's statements. They free libpq's results when they are destroyed.
public struct PipelineResults: ~Copyable {
    private let results: [OpaquePointer]
    private let setupCount: Int

    /// - Parameters:
    ///   - results: One result for each statement, in order; this value owns them from now on.
    ///   - setupCount: The number of statements that were added to the caller's.
    init(_ results: [OpaquePointer], setupCount: Int) {
        self.results = results
        self.setupCount = setupCount
    }

    deinit {
        for result in results { PQclear(result) }
    }

    /// The decoded rows of one statement.
    public borrowing func rows<Row>(_ slot: PipelineSlot<Row>) throws(PostgresError) -> [Row] {
        let result = results[setupCount + slot.index]
        let count = PQntuples(result)
        var rows: [Row] = []
        rows.reserveCapacity(Int(count))
        var reader = RowReader(result)
        for row in 0..<count {
            reader.begin(row: row)
            rows.append(try slot.decode(&reader))
        }
        return rows
    }
}

extension Connection {
    /// Runs one statement in a transaction of its own.
    ///
    /// - Returns: Its rows, decoded.
    /// - Throws: `PostgresError`. If the connection broke or had to be discarded, the statement may have been applied.
    public func run<Input, Row>(
        _ statement: Statement<Input, Row>, _ input: Input, deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> [Row] {
        var pipeline = Pipeline()
        let slot = try pipeline.add(statement, input)
        let results = try run(pipeline, deadline: deadline)
        return try results.rows(slot)
    }

    /// Runs a pipeline in one round trip.
    ///
    /// - Returns: The results of its statements. If the pipeline has a COMMIT, the commit is durable.
    /// - Throws: `PostgresError`; its `effect` says whether the pipeline may have been applied. A transaction that the
    ///   pipeline began is rolled back.
    public func run(_ pipeline: Pipeline, deadline: ContinuousClock.Instant) throws(PostgresError)
        -> PipelineResults
    {
        let handle = try open()
        var pipeline = pipeline
        if let transactionSetup { pipeline.begin(with: transactionSetup) }
        let wasIdle = PQtransactionStatus(handle) == PQTRANS_IDLE
        do {
            return try PipelineRun(pipeline, on: self, handle, deadline: deadline).run()
        } catch {
            if error.sqlState == .readOnlyTransaction { hasRefusedToWrite = true }
            if wasIdle, self.handle != nil, PQtransactionStatus(handle) != PQTRANS_IDLE {
                try? execute("ROLLBACK", deadline: max(deadline, .now + .seconds(1)))
            }
            guard wasIdle, self.handle != nil, error.isForgottenStatement, !prepared.isEmpty else {
                throw error
            }
        }
        // The server no longer knows a statement, or its result has changed with the schema. Nothing was applied.
        try execute("DEALLOCATE ALL", deadline: deadline)
        prepared = []
        return try PipelineRun(pipeline, on: self, handle, deadline: deadline).run()
    }
}

extension PostgresError {
    /// Whether the error only means that a statement must be prepared again. The code 0A000 has other meanings too, but
    /// one more try does them no harm.
    fileprivate var isForgottenStatement: Bool {
        sqlState == .invalidSQLStatementName || sqlState == .featureNotSupported
    }
}
