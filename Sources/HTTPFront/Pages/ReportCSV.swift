package import Charges
import DelimitedText

extension ReportResult {
    /// The result as CSV, with a header, and an empty field for NULL.
    ///
    /// - Parameter forSpreadsheets: Whether texts that a spreadsheet would run are made harmless.
    package func csv(forSpreadsheets: Bool) -> [UInt8] {
        var writer = CSVWriter(forSpreadsheets: forSpreadsheets)
        for column in columns { writer.write(column.name) }
        writer.endRecord()
        for row in rows {
            for (column, cell) in zip(columns, row) { writer.write(cell ?? "", isText: column.kind == .text) }
            writer.endRecord()
        }
        return writer.bytes
    }
}
