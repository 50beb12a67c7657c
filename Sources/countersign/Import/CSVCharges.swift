import Charges

/// The charges of a CSV file, whose first line names the columns.
enum CSVCharges {
    static func read(_ source: ByteSource, _ take: (ImportedCharge) throws -> Void) throws {
        var reader = CSVReader(source)
        guard let header = try reader.next() else { throw ImportFailure(line: nil, "the file is empty") }
        let places = try columns(header)
        while let record = try reader.next() {
            guard record.fields.count == header.fields.count else {
                throw ImportFailure(
                    line: record.line,
                    "there are \(record.fields.count) values, and the header has \(header.fields.count)")
            }
            try take(
                ImportedCharge(line: record.line) { column in
                    places[column].map { record.fields[$0] }
                })
        }
    }

    private static func columns(_ header: (line: Int, fields: [String])) throws(ImportFailure)
        -> [ImportColumn: Int]
    {
        var places: [ImportColumn: Int] = [:]
        for (place, name) in header.fields.enumerated() {
            guard let column = ImportColumn(rawValue: name) else {
                throw ImportFailure(line: header.line, "there is no column \(name)")
            }
            guard places.updateValue(place, forKey: column) == nil else {
                throw ImportFailure(line: header.line, "the column \(name) stands twice")
            }
        }
        for column in ImportColumn.mandatory where places[column] == nil {
            throw ImportFailure(line: header.line, "the column \(column.rawValue) is missing")
        }
        return places
    }
}
