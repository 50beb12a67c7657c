import HTTPFront

/// What a `list` command prints: aligned columns under their names, or a JSON array of objects.
struct Listing {
    /// A column: its name, and how it looks on a terminal.
    struct Column {
        let name: String
        let style: Terminal.Style?

        init(_ name: String, _ style: Terminal.Style? = nil) {
            self.name = name
            self.style = style
        }
    }

    let columns: [Column]
    /// A text for each column; `nil` is nothing.
    let rows: [[String?]]

    func show(_ format: ChargesShowCommand.Format) {
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
