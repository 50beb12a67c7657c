/// The store of statements, as the calls about them use it.
package protocol StatementRepository: Sendable {
    /// One page of an operator's statements.
    ///
    /// - Throws: `serviceUnavailable`, or `rateLimited` if the operator has too many calls waiting.
    func page(_ query: StatementListQuery) async throws(RequestFailure) -> StatementPage

    /// A statement of an operator; `nil` if it has no statement of this number.
    ///
    /// - Throws: As `page`.
    func statement(
        _ number: Int, of operatorIdentifier: OperatorIdentifier, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> ChainedStatement?

    /// The canonical rendering of a statement that has a digest.
    func canonicalRendering(of chained: ChainedStatement) -> any StatementRendering

    /// The next events of a statement, in order: some thousand, so that no statement is in memory as a whole.
    ///
    /// - Parameter eventNumber: The number of the first one, which follows the last one of an earlier reading.
    /// - Throws: `serviceUnavailable`, or `internalError` if an event is missing.
    func events(
        of statement: ClosedStatement, from eventNumber: Int64, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> [StatementEvent]
}

/// A closed statement with the digest of the statement before it.
package struct ChainedStatement: Sendable {
    package var statement: ClosedStatement
    /// `nil` for the first statement.
    package var predecessor: [UInt8]?

    /// All digests that the statement's own one covers besides its lines.
    package var predecessors: [[UInt8]] { statement.predecessors(after: predecessor) }

    package init(statement: ClosedStatement, predecessor: [UInt8]?) {
        self.statement = statement
        self.predecessor = predecessor
    }
}

/// The rendering of a statement as a file. Its parts follow each other: `begin`, the events in order, `finish`.
package protocol StatementRendering: Sendable {
    mutating func begin() -> [UInt8]
    mutating func append(_ events: [StatementEvent]) -> [UInt8]

    /// - Throws: `internalError` if the events are not those that the statement had.
    mutating func finish() throws(RequestFailure) -> [UInt8]
}
