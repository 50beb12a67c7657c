/// What a report answers, as the text that the database makes of it.
package struct ReportResult: Sendable, Equatable {
    /// How a column's texts are to be read.
    package enum Kind: Sendable, Equatable {
        case text, number, boolean
    }

    /// One column.
    package struct Column: Sendable, Equatable {
        package let name: String
        package let kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    package let columns: [Column]
    /// Row by row; `nil` is NULL.
    package let rows: [[String?]]

    package init(columns: [Column], rows: [[String?]]) {
        self.columns = columns
        self.rows = rows
    }
}
