import Charges
import LibPQ

/// A check of the lines of an import against each other and against what is stored.
struct ImportCheck {
    /// The column in which the fault is.
    let column: ImportColumn
    /// The query: `line` and `reason` of each line with the fault, in any order.
    let query: String

    init(_ column: ImportColumn, _ query: String) {
        self.column = column
        self.query = query
    }

    /// The statement that returns the line with the fault that comes first in the file.
    var first: Statement<Void, ImportFault> {
        Statement(
            "", "SELECT line, reason FROM (\(query)) AS fault (line, reason) ORDER BY line LIMIT 1",
            decode: { row throws(PostgresError) in
                ImportFault(line: Int(try row.next(Int64.self)), reason: try row.next(String.self))
            })
    }

    /// The statement that returns the first lines with the fault, with the column's values.
    func all(atMost maximum: Int) -> Statement<Void, ImportFault> {
        let name = column.rawValue
        return Statement(
            "",
            """
            SELECT fault.line, fault.reason, imported.\(name)::text
            FROM (\(query)) AS fault (line, reason) JOIN imported ON imported.line = fault.line
            ORDER BY fault.line LIMIT \(maximum)
            """,
            decode: { row throws(PostgresError) in
                let line = Int(try row.next(Int64.self))
                let reason = try row.next(String.self)
                return ImportFault(
                    line: line, column: name, value: try row.next(String?.self), reason: reason)
            })
    }
}
