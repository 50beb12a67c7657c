/// What a query gives, as the text that the server makes of it: for whoever shows rows and need not know what
/// is in them.
public struct TextTable: Sendable, Equatable {
    /// The columns, in order.
    public var columns: [StatementDescription.Column] = []
    /// Row by row, the columns' texts in order; `nil` for NULL.
    public var rows: [[String?]] = []
}
