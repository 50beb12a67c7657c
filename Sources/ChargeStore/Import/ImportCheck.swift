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
            "", "SELECT line, reason FROM (\(raw: query)) AS fault (line, reason) ORDER BY line LIMIT 1",
            row: { (line: Int, reason: String) in ImportFault(line: line, reason: reason) })
    }

    /// The statement that returns the first lines with the fault, with the column's values.
    func all(atMost maximum: Int) -> Statement<Void, ImportFault> {
        let name = column.rawValue
        return Statement(
            "",
            """
            SELECT fault.line, fault.reason, imported.\(raw: name)::text
            FROM (\(raw: query)) AS fault (line, reason) JOIN imported ON imported.line = fault.line
            ORDER BY fault.line LIMIT \(raw: maximum)
            """,
            row: { (line: Int, reason: String, value: String?) in
                ImportFault(line: line, column: name, value: value, reason: reason)
            })
    }
}
