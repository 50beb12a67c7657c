import Charges
import DelimitedText
import StrictJSON

/// The reader of an operator's file, which comes in pieces of any size. Each piece gives the rows that end in it.
struct ReconciliationReader {
    /// The most bytes of one record. A quote that is not closed is found at the latest then.
    private static let maximumRecordBytes = 256 * 1024

    private let format: ReconciliationParameters.Format
    /// The bytes of the records that are not read yet.
    private var pending: [UInt8] = []
    /// How much of `pending` has been looked at for the ends of records.
    private var seen = 0
    private var isInQuotes = false
    /// The end of the last whole record in `pending`.
    private var recordsEnd = 0
    /// The header of a CSV file; `nil` before it has been read, and for NDJSON.
    private var header: ReconciliationHeader?
    /// The number of the next line, counted from 1.
    private var line = 1
    private var isEmpty = true

    init(_ format: ReconciliationParameters.Format) {
        self.format = format
    }

    /// Reads the next bytes.
    ///
    /// - Parameter row: Takes each row.
    /// - Throws: `ReconciliationFileFault` with the line, for a file that cannot be compared.
    mutating func read(_ bytes: [UInt8], _ row: (ReconciliationRow) -> Void) throws(ReconciliationFileFault) {
        pending += bytes
        findRecordsEnd()
        if pending.count - recordsEnd > Self.maximumRecordBytes {
            try readRecords(pending[...], isEnd: true, row)
            throw ReconciliationFileFault(line: nil, "a line is longer than \(Self.maximumRecordBytes) bytes")
        }
        guard recordsEnd > 0, try readRecords(pending[..<recordsEnd], isEnd: false, row) else { return }
        pending.removeFirst(recordsEnd)
        seen -= recordsEnd
        recordsEnd = 0
    }

    /// Reads what is left at the end of the file, whose last line need not end.
    mutating func finish(_ row: (ReconciliationRow) -> Void) throws(ReconciliationFileFault) {
        if !pending.isEmpty { try readRecords(pending[...], isEnd: true, row) }
        pending = []
        guard !isEmpty else { throw ReconciliationFileFault(line: nil, "the file is empty") }
    }

    /// A record ends with a line, unless that is within quotes. In text that is not well quoted the end is found too far
    /// on, and the record itself is refused.
    private mutating func findRecordsEnd() {
        let hasQuotes = format == .csv
        let from = seen
        var (isQuoted, end) = (isInQuotes, recordsEnd)
        pending.withUnsafeBufferPointer { bytes in
            for place in from..<bytes.count {
                if bytes[place] == UInt8(ascii: "\"") && hasQuotes {
                    isQuoted.toggle()
                } else if bytes[place] == UInt8(ascii: "\n") && !isQuoted {
                    end = place + 1
                }
            }
        }
        (isInQuotes, recordsEnd, seen) = (isQuoted, end, pending.count)
    }

    /// - Returns: Whether the records have been read; false if there was no header among them.
    @discardableResult
    private mutating func readRecords(
        _ bytes: ArraySlice<UInt8>, isEnd: Bool, _ row: (ReconciliationRow) -> Void
    ) throws(ReconciliationFileFault) -> Bool {
        do {
            switch format {
            case .csv: return try readCSV(bytes, isEnd: isEnd, row)
            case .ndjson:
                try readNDJSON(bytes, row)
                return true
            }
        } catch let fault as ReconciliationFileFault {
            throw fault
        } catch let error as CSVError {
            throw ReconciliationFileFault(line: error.line, error.reason)
        } catch {
            throw ReconciliationFileFault(line: line, "\(error)")
        }
    }

    private mutating func readCSV(
        _ bytes: ArraySlice<UInt8>, isEnd: Bool, _ row: (ReconciliationRow) -> Void
    ) throws -> Bool {
        var reader: CSVReader
        let columns: ReconciliationHeader
        if let header {
            reader = CSVReader(ByteSource(bytes, isBeginning: false), delimiter: header.delimiter, line: line)
            columns = header
        } else {
            reader = CSVReader(ByteSource(bytes, isBeginning: true))
            // Empty lines and a line that only says the delimiter are read again, with the header.
            guard let first = try reader.next() else { return false }
            columns = try ReconciliationHeader(first.fields, line: first.line, delimiter: reader.delimiter)
            header = columns
            isEmpty = false
        }
        while let record = try reader.next() { row(try columns.row(record.fields, line: record.line)) }
        line = reader.line
        return true
    }

    private mutating func readNDJSON(_ bytes: ArraySlice<UInt8>, _ row: (ReconciliationRow) -> Void) throws {
        var rest = bytes
        if line == 1, rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty {
            let text = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(text.count + 1)
            if !text.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
                row(try NDJSONRow.read(text, line: line))
                isEmpty = false
            }
            line += 1
        }
    }
}

/// The header of a CSV file that can be compared.
private struct ReconciliationHeader {
    private let columns: CSVHeader<ReconciliationColumn>

    var delimiter: Delimiter { columns.delimiter }

    init(_ names: [String], line: Int, delimiter: Delimiter) throws {
        columns = try CSVHeader(names, line: line, delimiter: delimiter)
        guard columns.places.contains(where: { $0 != nil }) else {
            throw ReconciliationFileFault(
                line: line, "the first line must be a header; it names none of the columns that are compared")
        }
        guard columns.places[0] != nil || columns.places[1] != nil else {
            throw ReconciliationFileFault(
                line: line, "the header has neither number nor reference_number")
        }
    }

    func row(_ fields: [String], line: Int) throws(CSVError) -> ReconciliationRow {
        try columns.check(fields, line: line)
        var column = 0
        return ReconciliationRow(line: line) { name in
            defer { column += 1 }
            guard let place = columns.places[column] else { return nil }
            return name.isMoney && delimiter != .comma
                ? DecimalComma.replaced(in: fields[place]) : fields[place]
        }
    }
}

/// A line of an NDJSON file.
private enum NDJSONRow {
    static func read(_ text: ArraySlice<UInt8>, line: Int) throws(ReconciliationFileFault)
        -> ReconciliationRow
    {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.read(text)
        } catch {
            throw ReconciliationFileFault(line: line, "the line is not JSON: \(error)")
        }
        guard case .object(let members) = json else {
            throw ReconciliationFileFault(line: line, "the line is not a JSON object")
        }
        var values: [ReconciliationColumn: String] = [:]
        var fault: String?
        for member in members {
            guard let column = ReconciliationColumn(rawValue: member.name) else { continue }
            switch member.value {
            case .string(let text), .number(let text): values[column] = text
            case .null: continue
            case .boolean, .array, .object: fault = fault ?? "\(member.name) must be a string or a number"
            }
        }
        return ReconciliationRow(line: line, fault: fault) { values[$0] }
    }
}
