package import Charges
import DelimitedText
import StrictJSON

/// The forms in which a statement's file is downloaded.
enum StatementForm: Sendable {
    /// The canonical CSV, with the digest.
    case canonical
    /// CSV for spreadsheets, in which no text is run as a formula.
    case spreadsheet
    /// A JSON object for each event.
    case ndjson

    /// The end of the entity tag, which begins with the digest. The end of the file's name as well, but for a point.
    var ending: String {
        switch self {
        case .canonical: "csv"
        case .spreadsheet: "spreadsheet.csv"
        case .ndjson: "ndjson"
        }
    }

    var mediaType: String {
        switch self {
        case .canonical, .spreadsheet: FileTransfer.csv
        case .ndjson: "application/x-ndjson"
        }
    }

    func rendering(of chained: ChainedStatement, from statements: any StatementRepository)
        -> any StatementRendering
    {
        switch self {
        case .canonical: statements.canonicalRendering(of: chained)
        case .spreadsheet: SpreadsheetRendering()
        case .ndjson: NDJSONRendering()
        }
    }
}

/// The events alone, a JSON object a line.
package struct NDJSONRendering: StatementRendering {
    package init() {}

    package mutating func begin() -> [UInt8] { [] }

    package mutating func append(_ events: [StatementEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.count * 360)
        for event in events {
            bytes += event.json.text.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    package mutating func finish() -> [UInt8] { [] }
}

/// The events and the totals as CSV for spreadsheets, without the digest, which is that of other bytes.
struct SpreadsheetRendering: StatementRendering {
    private var writer = CSVWriter(forSpreadsheets: true)
    private var totals = StatementTotals()

    mutating func begin() -> [UInt8] {
        for column in StatementLines.columns { writer.write(column) }
        return ended()
    }

    mutating func append(_ events: [StatementEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            totals.add(event)
            write(StatementLines.values(event))
            bytes += ended()
        }
        return bytes
    }

    mutating func finish() -> [UInt8] {
        var bytes: [UInt8] = []
        for total in totals.all {
            write(StatementLines.values(total))
            bytes += ended()
        }
        return bytes
    }

    /// The columns of texts that others have chosen; the rest are words, numbers and times of the service.
    private static let texts: Set = [2, 3, 4, 5]

    private mutating func write(_ values: [String]) {
        for (place, value) in values.enumerated() {
            writer.write(value, isText: Self.texts.contains(place))
        }
    }

    private mutating func ended() -> [UInt8] {
        writer.endRecord()
        defer { writer.removeAll() }
        return writer.bytes
    }
}
