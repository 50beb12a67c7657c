/// A query for one page of an operator's statements, newest first.
package struct StatementListQuery: Sendable {
    /// The maximum number of statements in one page.
    package static let maximumCount = 50

    package var operatorIdentifier: OperatorIdentifier
    /// The number before which the page begins; `nil` for the newest statement.
    package var before: Int?
    /// The maximum number of statements, 1 to 50.
    package var count: Int
    package var deadline: ContinuousClock.Instant

    package init(
        operatorIdentifier: OperatorIdentifier, before: Int?, count: Int, deadline: ContinuousClock.Instant
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.before = before
        self.count = count
        self.deadline = deadline
    }
}

/// A statement as a list shows it.
package struct ListedStatement: Sendable {
    package var statement: ClosedStatement
    /// The totals in the order of the file; none until the digest is computed.
    package var totals: [StatementTotals.Total]

    package init(statement: ClosedStatement, totals: [StatementTotals.Total]) {
        self.statement = statement
        self.totals = totals
    }
}

/// One page of an operator's statements.
package struct StatementPage: Sendable {
    package var statements: [ListedStatement]
    /// The number of the last statement, if there are older ones.
    package var next: Int?

    package init(statements: [ListedStatement], next: Int?) {
        self.statements = statements
        self.next = next
    }
}
