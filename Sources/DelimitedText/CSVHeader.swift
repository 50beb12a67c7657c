/// The header of a delimited file: the places of the columns that are known by their names. They come in any order, and
/// other columns are ignored.
package struct CSVHeader<Column: RawRepresentable & CaseIterable & Sendable>: Sendable
where Column.RawValue == String {
    package let delimiter: Delimiter
    private let count: Int
    /// The place of each column in a record, in the order of `Column.allCases`; `nil` for one that the file lacks.
    package let places: [Int?]

    /// - Parameters:
    ///   - names: The fields of the first record.
    ///   - line: The line of that record.
    /// - Throws: `CSVError` if a known column appears more than once.
    package init(_ names: [String], line: Int, delimiter: Delimiter) throws(CSVError) {
        self.delimiter = delimiter
        count = names.count
        var places: [Int?] = []
        for column in Column.allCases {
            let found = names.indices.filter { names[$0].utf8.elementsEqual(column.rawValue.utf8) }
            guard found.count <= 1 else {
                throw CSVError(line: line, reason: "column \(column.rawValue) appears more than once")
            }
            places.append(found.first)
        }
        self.places = places
    }

    /// Checks that a record has as many fields as the header.
    package func check(_ fields: [String], line: Int) throws(CSVError) {
        guard fields.count != count else { return }
        throw CSVError(
            line: line,
            reason:
                "the line has \(fields.count == 1 ? "1 value" : "\(fields.count) values"), but the header has "
                + "\(count) columns with a \(delimiter.name) between them")
    }
}
