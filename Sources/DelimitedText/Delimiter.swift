/// The character between two values of a line.
package enum Delimiter: UInt8, Sendable {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09

    package var name: String {
        switch self {
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        }
    }

    /// The beginning of a file, from which its delimiter is known.
    struct Beginning {
        let delimiter: Delimiter
        /// The bytes of the first lines, which are to be read again.
        let bytes: [UInt8]
        /// The number of lines before them that have been read for good.
        let lines: Int
    }

    /// The most bytes that are read to find the delimiter.
    private static let maximumBytes = 64 * 1024

    /// Reads a file's first line with content. Its first delimiter outside quotes is the file's, since no column's name
    /// has one. A line `sep=;`, which spreadsheets write, says it outright and is passed over.
    static func find(_ source: ByteSource) throws(FileError) -> Beginning {
        var bytes: [UInt8] = []
        var found: Delimiter?
        var isQuoted = false
        while bytes.count < maximumBytes, let byte = try source.next() {
            bytes.append(byte)
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if found == nil { found = Delimiter(rawValue: byte) }
            guard byte == UInt8(ascii: "\n") else { continue }
            if let said = said(by: bytes) { return Beginning(delimiter: said, bytes: [], lines: 1) }
            if bytes.contains(where: { $0 != 0x0A && $0 != 0x0D }) { break }
        }
        return Beginning(delimiter: found ?? .comma, bytes: bytes, lines: 0)
    }

    /// The delimiter that a line `sep=;` says.
    private static func said(by line: [UInt8]) -> Delimiter? {
        let prefix = Array("sep=".utf8)
        let content = line.prefix { $0 != 0x0A && $0 != 0x0D }
        guard content.starts(with: prefix), content.count == prefix.count + 1 else { return nil }
        return Delimiter(rawValue: content[prefix.count])
    }
}

/// The rule for decimal commas, which a file may have where its delimiter is no comma.
package enum DecimalComma {
    /// The amount `9,90` as `9.90`. An amount with a point as well, or with more commas, stays as it is.
    package static func replaced(in text: String) -> String {
        let commas = text.utf8.count { $0 == UInt8(ascii: ",") }
        guard commas == 1, !text.utf8.contains(UInt8(ascii: ".")) else { return text }
        return text.replacing(",", with: ".")
    }
}
