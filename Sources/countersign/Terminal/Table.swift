/// Rows of text with their columns aligned.
struct Table {
    /// How each column looks on a terminal.
    let styles: [Terminal.Style?]
    let rows: [[String]]

    /// The lines, without the last row's line end.
    var text: String {
        var widths = [Int](repeating: 0, count: styles.count)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        return rows.map { row in
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
