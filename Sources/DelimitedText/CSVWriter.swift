/// A writer of comma-separated text in UTF-8, in psql's form: RFC 4180 with LF line ends.
package struct CSVWriter {
    /// The bytes written since the last `removeAll`.
    package private(set) var bytes: [UInt8] = []
    private let forSpreadsheets: Bool
    private var isAtRecordBeginning = true

    /// - Parameter forSpreadsheets: Whether texts that a spreadsheet would run are made harmless. A program that reads
    ///   the file gets other texts then.
    package init(forSpreadsheets: Bool) {
        self.forSpreadsheets = forSpreadsheets
    }

    /// Forgets the bytes, which the caller has written elsewhere.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes the next field of the record.
    ///
    /// - Parameter isText: Whether the field is a text and not a number, a date or the like; only a text is made
    ///   harmless.
    package mutating func write(_ field: String, isText: Bool = true) {
        if !isAtRecordBeginning { bytes.append(UInt8(ascii: ",")) }
        isAtRecordBeginning = false
        guard !Self.isPlain(field) else { return bytes.append(contentsOf: field.utf8) }
        let text = forSpreadsheets && isText ? Self.harmless(field) : field
        bytes.append(contentsOf: quoted(text).utf8)
    }

    /// Ends the record.
    package mutating func endRecord() {
        bytes.append(UInt8(ascii: "\n"))
        isAtRecordBeginning = true
    }

    /// Whether a field needs no care in any case, as is true of nearly all fields: printable ASCII without separators
    /// and quotes that begins with a letter or a digit.
    private static func isPlain(_ field: String) -> Bool {
        var isFirst = true
        for byte in field.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                isFirst = false
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"): return false
            case 0x20...0x7E where !isFirst: continue
            default: return false
            }
        }
        return true
    }

    /// The text with an apostrophe before each character that would make a formula of a cell: at its beginning, and
    /// after each separator by which a spreadsheet of another locale splits the line. Spreadsheets skip spaces.
    private static func harmless(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var beginsCell = true
        for scalar in text.unicodeScalars {
            let beginsFormula = formulaBeginnings.contains(scalar)
            if beginsCell && beginsFormula { scalars.append("'") }
            beginsCell = separators.contains(scalar) || (beginsCell && scalar.properties.isWhitespace)
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// The full-width forms are formulas for spreadsheets in Japanese and Chinese.
    private static let formulaBeginnings: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
    private static let separators: Set<Unicode.Scalar> = [";", "\t", "\r", "\n"]

    /// The field, in quotes if it needs them. A spreadsheet may take semicolons and tabs for separators too.
    private func quoted(_ field: String) -> String {
        let needsQuotes =
            field == "\\."
            || field.utf8.contains {
                [0x22, 0x2C, 0x0A, 0x0D].contains($0) || (forSpreadsheets && [0x3B, 0x09].contains($0))
            }
        guard needsQuotes else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
