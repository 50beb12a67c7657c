import Charges

/// The values of a page that is one table.
struct TableView: Sendable {
    struct Column: Sendable {
        let name: String
        /// Whether the values are numbers, which stand to the right.
        let isNumber: Bool

        init(_ name: String, isNumber: Bool = false) {
            self.name = name
            self.isNumber = isNumber
        }
    }

    /// A cell with one of: a text, a link, a state, amounts, a form.
    struct Cell: Sendable {
        var text: String?
        var link: Link?
        var secondLink: Link?
        var state: StateView?
        var amounts: [AmountView] = []
        var form: FormView?
        /// A second line in small letters.
        var note: String?
        var isNumber = false
        /// The name of the cell's column, which stands beside it where a row is a card.
        fileprivate(set) var label = ""

        static func text(_ text: String, note: String? = nil) -> Cell { Cell(text: text, note: note) }
        static func number(_ text: String) -> Cell { Cell(text: text, isNumber: true) }
        static func link(_ link: Link) -> Cell { Cell(link: link) }
        static func state(_ state: StateView) -> Cell { Cell(state: state) }
        static func form(_ form: FormView?) -> Cell { Cell(form: form) }
        static func amounts(_ amounts: [AmountView]) -> Cell { Cell(amounts: amounts, isNumber: true) }
    }

    struct Row: Sendable {
        let cells: [Cell]
    }

    /// A sentence above the table.
    let introduction: String
    /// The link after it.
    var introductionLink: Link?
    let columns: [Column]
    let rows: [Row]
    let isEmpty: Bool
    /// What the page says if there are no rows: what to do about it.
    let emptyText: String
    var next: Link?
    var first: Link?
    /// The form above the table.
    var form: FormView?

    init(_ introduction: String, _ columns: [Column], _ rows: [[Cell]], emptyText: String) {
        self.introduction = introduction
        self.columns = columns
        self.rows = rows.map { cells in
            Row(
                cells: zip(columns, cells).map { column, cell in
                    var cell = cell
                    cell.label = column.name
                    return cell
                })
        }
        isEmpty = rows.isEmpty
        self.emptyText = emptyText
    }
}
