import Charges
import DelimitedText

/// The reader of a decision file: CSV in UTF-8 with a header, as people have it (`CSVReader`).
enum DecisionFileReader {
    /// Reads a whole file.
    ///
    /// - Throws: `DecisionFileFault`, with the line where there is one, for a file of which no row can be taken.
    static func read(_ bytes: [UInt8]) throws(DecisionFileFault) -> [DecisionFileEntry] {
        guard bytes.count <= DecisionFile.maximumBytes else {
            throw DecisionFileFault(
                line: nil,
                "the file is larger than \(DecisionFile.maximumBytes / (1024 * 1024)) MB; upload it in parts",
                isTooLarge: true)
        }
        do {
            return try entries(bytes)
        } catch let fault as DecisionFileFault {
            throw fault
        } catch let error as CSVError {
            throw DecisionFileFault(line: error.line, error.reason)
        } catch {
            throw DecisionFileFault(line: nil, "\(error)")
        }
    }

    private static func entries(_ bytes: [UInt8]) throws -> [DecisionFileEntry] {
        var reader = CSVReader(ByteSource(bytes[...], isBeginning: true))
        guard let first = try reader.next() else { throw DecisionFileFault(line: nil, "the file is empty") }
        let header = try CSVHeader<DecisionFileColumn>(
            first.fields, line: first.line, delimiter: reader.delimiter)
        guard header.places[0] != nil else {
            throw DecisionFileFault(
                line: first.line,
                "the first line must be a header, and one of its columns must be called number")
        }
        var entries = DecisionFileEntries()
        while let record = try reader.next() {
            try header.check(record.fields, line: record.line)
            try entries.append(
                DecisionFileEntry(line: record.line) { column in
                    Self.place(of: column, in: header).map { record.fields[$0] }
                })
        }
        guard !entries.entries.isEmpty else {
            throw DecisionFileFault(line: nil, "the file has a header and no rows")
        }
        return entries.entries
    }

    private static func place(of column: DecisionFileColumn, in header: CSVHeader<DecisionFileColumn>)
        -> Int?
    {
        switch column {
        case .number: header.places[0]
        case .customer: header.places[1]
        case .referenceNumber: header.places[2]
        }
    }
}
