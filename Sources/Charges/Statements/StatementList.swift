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

/// A place in an operator's list of statements as a client holds it: an opaque text that is valid for the operator alone.
package enum StatementCursor {
    package static func text(before number: Int, operatorCode: String) -> String {
        CursorText.text(CursorText.bigEndian(UInt64(number)), of: list(operatorCode))
    }

    /// Reads a cursor back; `nil` if the text is not a cursor of this list.
    package static func number(in text: String, operatorCode: String) -> Int? {
        guard let bytes = CursorText.bytes(of: text, in: list(operatorCode)), bytes.count == 8 else { return nil }
        return Int(exactly: bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }

    private static func list(_ operatorCode: String) -> String {
        "statements 1 \(operatorCode.utf8.count) \(operatorCode)"
    }
}
