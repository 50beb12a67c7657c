import Charges
import DelimitedText
import StrictJSON

/// The charges of a CSV file. Its first line names the columns.
enum CSVCharges {
    static func read(_ source: ByteSource, _ take: (ImportedCharge) throws -> Void) throws {
        var reader = CSVReader(source)
        guard let header = try reader.next() else { throw ImportFailure(line: nil, "the file is empty") }
        let places = try columns(header)
        while let record = try reader.next() {
            guard record.fields.count == header.fields.count else {
                throw ImportFailure(
                    line: record.line,
                    "the line has \(record.fields.count) values, but the header has \(header.fields.count) columns"
                )
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
                throw ImportFailure(line: header.line, "column \(name) is unknown")
            }
            guard places.updateValue(place, forKey: column) == nil else {
                throw ImportFailure(line: header.line, "column \(name) appears more than once")
            }
        }
        for column in ImportColumn.mandatory where places[column] == nil {
            throw ImportFailure(line: header.line, "column \(column.rawValue) is missing")
        }
        return places
    }
}

/// The charges of a file with a JSON object on each line.
enum NDJSONCharges {
    /// The maximum length of a line in bytes.
    private static let maximumLineBytes = 64 * 1024

    static func read(_ source: ByteSource, _ take: (ImportedCharge) throws -> Void) throws {
        var line = 1
        var bytes: [UInt8] = []
        while let byte = try source.next() {
            if byte == UInt8(ascii: "\n") {
                try charge(line, bytes).map(take)
                bytes.removeAll(keepingCapacity: true)
                line += 1
            } else {
                guard bytes.count < maximumLineBytes else {
                    throw ImportFailure(line: line, "the line is longer than \(maximumLineBytes) bytes")
                }
                bytes.append(byte)
            }
        }
        try charge(line, bytes).map(take)
    }

    /// The charge of a line, or `nil` for an empty line.
    private static func charge(_ line: Int, _ bytes: [UInt8]) throws(ImportFailure) -> ImportedCharge? {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return nil }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(bytes)
        } catch {
            throw ImportFailure(line: line, "the line is not JSON: \(error)")
        }
        guard case .object(let members) = json else {
            throw ImportFailure(line: line, "the line is not a JSON object")
        }
        var values: [ImportColumn: String] = [:]
        for member in members {
            guard let column = ImportColumn(rawValue: member.name) else {
                throw ImportFailure(line: line, "column \(member.name) is unknown")
            }
            switch member.value {
            case .string(let text), .number(let text): values[column] = text
            case .boolean(let value) where column == .acknowledged: values[column] = value ? "true" : "false"
            case .null: continue
            case .boolean, .array, .object:
                throw ImportFailure(line: line, "\(member.name) must be a string or a number")
            }
        }
        return try ImportedCharge(line: line) { values[$0] }
    }
}
