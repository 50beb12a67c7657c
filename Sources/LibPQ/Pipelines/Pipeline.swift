/// Statements that are sent together and answered together, in one round trip (manual, chapter 34.5).
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
/// The server stops at the first statement that fails and skips the rest. Without `addBegin` the statements are
/// one transaction all the same, which commits when the last has run. A warning of the last statement or of that commit
/// becomes `PostgresError.commitInDoubt`: the server warns so when a wait for a synchronous standby was cut short.
public struct Pipeline: Sendable {
    /// One statement, its parameters bound.
    struct Step: Sendable {
        let name: String
        let sql: String
        let parameters: Parameters
        var isCommit = false
    }

    private(set) var steps: [Step] = []

    /// An empty pipeline.
    public init() {}

    /// Whether a COMMIT is among the statements. Such a pipeline is never cancelled.
    var commits: Bool { steps.contains(where: \.isCommit) }

    /// Begins a transaction that is READ COMMITTED, whatever the session's default is. It may write unless the server
    /// or the session takes no writes: 25006 tells that of a server that was demoted.
    public mutating func addBegin() {
        append(
            Step(
                name: "libpq_begin", sql: "BEGIN ISOLATION LEVEL READ COMMITTED",
                parameters: Parameters(types: [])))
    }

    /// Commits it; nothing can be added after that. A warning of the server that the commit may not be on a
    /// standby becomes `PostgresError.commitInDoubt`.
    public mutating func addCommit() {
        append(
            Step(name: "libpq_commit", sql: "COMMIT", parameters: Parameters(types: []), isCommit: true))
    }

    /// Adds a statement.
    ///
    /// - Returns: Where its rows will be.
    /// - Throws: `PostgresError.unsendable`.
    @discardableResult
    public mutating func add<Input, Row>(_ statement: Statement<Input, Row>, _ input: Input)
        throws(PostgresError)
        -> PipelineSlot<Row>
    {
        guard !statement.sql.utf8.contains(0), !statement.name.utf8.contains(0) else {
            throw .unsendable("a statement cannot hold a NUL character")
        }
        var parameters = Parameters(types: statement.parameterTypes)
        try statement.bind(input, &parameters)
        guard parameters.ranges.count == statement.parameterTypes.count else {
            throw .unsendable(
                "statement \(statement.name) has \(statement.parameterTypes.count) parameters, "
                    + "and \(parameters.ranges.count) came")
        }
        append(Step(name: statement.name, sql: statement.sql, parameters: parameters))
        return PipelineSlot(index: steps.count - 1, decode: statement.decode)
    }

    /// Were something to fail after a COMMIT, its error would tell that nothing was applied, and a pipeline that
    /// is run anew would be applied twice.
    private mutating func append(_ step: Step) {
        precondition(steps.last?.isCommit != true, "a pipeline ends with its COMMIT")
        steps.append(step)
    }
}

/// Where the rows of one statement of a pipeline will be.
public struct PipelineSlot<Row>: Sendable {
    let index: Int
    let decode: @Sendable (inout RowReader) throws(PostgresError) -> Row
}
