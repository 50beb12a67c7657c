import Charges
import DelimitedText
import StrictJSON

/// The receiver of a file's lines. What either closure throws ends the reading.
struct ImportReceiver {
    /// Takes the charge of a line.
    let take: (ImportedCharge) throws -> Void
    /// Takes a fault of a line. If it returns, the reading continues with the next line.
    let refuse: (ImportFault) throws -> Void

    fileprivate func receive(_ line: Int, _ values: @escaping (ImportColumn) -> String?) throws {
        switch ImportedCharge.read(line: line, values) {
        case .success(let charge): try take(charge)
        case .failure(let failure): for fault in failure.faults { try refuse(fault) }
        }
    }
}

/// The charges of a CSV file. Its first line names the columns, and shows the delimiter.
enum CSVCharges {
    static func read(_ source: ByteSource, _ receiver: ImportReceiver) throws {
        var reader = CSVReader(source)
        guard let header = try reader.next() else { throw ImportFailure(line: nil, "the file is empty") }
        let places = try columns(header)
        let hasDecimalCommas = reader.delimiter != .comma
        while true {
            do {
                guard let record = try reader.next() else { return }
                guard record.fields.count == header.fields.count else {
                    try receiver.refuse(
                        ImportFault(
                            line: record.line,
                            reason: "the line has \(record.fields.count) values, but the header has "
                                + "\(header.fields.count) columns"))
                    continue
                }
                try receiver.receive(record.line) { column in
                    guard let text = places[column].map({ record.fields[$0] }) else { return nil }
                    return hasDecimalCommas && column.isMoney ? DecimalComma.replaced(in: text) : text
                }
            } catch let error as CSVError {
                try receiver.refuse(ImportFault(line: error.line, reason: error.reason))
                try reader.skipLine()
            }
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

extension ImportColumn {
    fileprivate var isMoney: Bool { self == .amount || self == .localCurrencyAmount }
}

/// The charges of a file with a JSON object on each line.
enum NDJSONCharges {
    /// The maximum length of a line in bytes.
    private static let maximumLineBytes = 64 * 1024

    static func read(_ source: ByteSource, _ receiver: ImportReceiver) throws {
        var line = 1
        var bytes: [UInt8] = []
        var isTooLong = false
        func endLine() throws {
            if isTooLong {
                try receiver.refuse(
                    ImportFault(line: line, reason: "the line is longer than \(maximumLineBytes) bytes"))
            } else {
                try charge(line, bytes, receiver)
            }
            bytes.removeAll(keepingCapacity: true)
            isTooLong = false
            line += 1
        }
        while let byte = try source.next() {
            if byte == UInt8(ascii: "\n") {
                try endLine()
            } else if bytes.count < maximumLineBytes {
                bytes.append(byte)
            } else {
                isTooLong = true
            }
        }
        try endLine()
    }

    /// Passes on the charge of a line, unless the line is empty, or its faults.
    private static func charge(_ line: Int, _ bytes: [UInt8], _ receiver: ImportReceiver) throws {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(bytes)
        } catch {
            return try receiver.refuse(ImportFault(line: line, reason: "the line is not JSON: \(error)"))
        }
        guard case .object(let members) = json else {
            return try receiver.refuse(ImportFault(line: line, reason: "the line is not a JSON object"))
        }
        var values: [ImportColumn: String] = [:]
        var isReadable = true
        for member in members {
            func refuse(_ reason: String) throws {
                isReadable = false
                try receiver.refuse(ImportFault(line: line, column: member.name, reason: reason))
            }
            guard let column = ImportColumn(rawValue: member.name) else {
                try refuse("column \(member.name) is unknown")
                continue
            }
            switch member.value {
            case .string(let text), .number(let text): values[column] = text
            case .boolean(let value) where column == .acknowledged: values[column] = value ? "true" : "false"
            case .null: continue
            case .boolean, .array, .object: try refuse("\(member.name) must be a string or a number")
            }
        }
        if isReadable { try receiver.receive(line) { [values] in values[$0] } }
    }
}
