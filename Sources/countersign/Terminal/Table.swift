import StrictJSON
import HTTPFront

/// Rows of text with their columns aligned.
struct Table {
    /// The style of each column on a terminal.
    private let styles: [Terminal.Style?]
    /// The rows, whose control characters are escaped.
    private let rows: [[String]]
    /// The width of each column, in characters.
    let widths: [Int]

    /// - Parameter atLeast: Widths that no column falls below, for a table whose rows come some at a time.
    init(styles: [Terminal.Style?], rows: [[String]], atLeast widths: [Int]? = nil) {
        self.styles = styles
        self.rows = rows.map { $0.map { $0.escapingControls() } }
        var widths = widths ?? [Int](repeating: 0, count: styles.count)
        for row in self.rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        self.widths = widths
    }

    /// The lines, without a line end after the last one.
    var text: String {
        rows.map { row in
            row.enumerated().map { column, cell in
                let isLast = column == row.count - 1
                let padding = isLast ? "" : String(repeating: " ", count: widths[column] - cell.count)
                return (styles[column].map { Terminal.styled(cell, $0) } ?? cell) + padding
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }
}

/// The output of a `list` command: aligned columns under their names, or a JSON array of objects.
struct Listing {
    /// A column with its name and its style on a terminal.
    struct Column {
        let name: String
        let style: Terminal.Style?

        init(_ name: String, _ style: Terminal.Style? = nil) {
            self.name = name
            self.style = style
        }
    }

    let columns: [Column]
    /// The rows: one string for each column, `nil` for an empty cell.
    let rows: [[String?]]

    func show(_ format: OutputFormat) {
        switch format {
        case .text:
            let cells = rows.map { row in row.map { $0 ?? "-" } }
            print(Table(styles: columns.map(\.style), rows: [columns.map(\.name)] + cells).text)
        case .json:
            let objects = rows.map { row in
                JSONValue.object(
                    zip(columns, row).map { column, cell in
                        .init(column.name, cell.map(JSONValue.string) ?? .null)
                    })
            }
            print(JSONValue.array(objects).text)
        }
    }
}
