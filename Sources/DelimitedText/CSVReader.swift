/// A reader of comma-separated values (RFC 4180), in UTF-8. Quoted fields may contain doubled quotes, commas and line
/// ends. Lines end in LF or CRLF.
package struct CSVReader {
    /// The maximum length of a field in bytes. So a quote that is not closed ends soon.
    private static let maximumFieldBytes = 4096

    private let source: ByteSource
    /// The number of the next line, counted from 1.
    private var line = 1
    private var pushedBack: UInt8?
    private var field: [UInt8] = []

    package init(_ source: ByteSource) {
        self.source = source
    }

    /// The next record and the line on which it begins, or `nil` at the end. Empty lines are skipped.
    ///
    /// - Throws: `CSVError`, or the source's `FileError`.
    package mutating func next() throws -> (line: Int, fields: [String])? {
        while true {
            let start = line
            guard let fields = try record(start) else { return nil }
            if fields.count == 1, fields[0].isEmpty { continue }
            return (start, fields)
        }
    }

    private mutating func record(_ start: Int) throws -> [String]? {
        var fields: [String] = []
        var isQuoted = false
        var sawAnything = false
        field.removeAll(keepingCapacity: true)
        while let byte = try nextByte() {
            sawAnything = true
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty && !isQuoted:
                isQuoted = true
                try quoted(start)
            case UInt8(ascii: ","):
                fields.append(try text(start))
                isQuoted = false
            case UInt8(ascii: "\n"):
                line += 1
                fields.append(try text(start))
                return fields
            case UInt8(ascii: "\r") where try peek() == UInt8(ascii: "\n"):
                continue
            default:
                guard !isQuoted else {
                    throw CSVError(
                        line: start, reason: "a closing quote must be followed by a comma or a line end")
                }
                try append(byte, start)
            }
        }
        guard sawAnything else { return nil }
        fields.append(try text(start))
        return fields
    }

    /// Reads the rest of a quoted field, after the opening quote.
    private mutating func quoted(_ start: Int) throws {
        while let byte = try nextByte() {
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return }
                _ = try nextByte()
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            try append(byte, start)
        }
        throw CSVError(line: start, reason: "a quote is not closed")
    }

    private mutating func append(_ byte: UInt8, _ start: Int) throws {
        guard field.count < Self.maximumFieldBytes else {
            throw CSVError(line: start, reason: "a value is longer than \(Self.maximumFieldBytes) bytes")
        }
        field.append(byte)
    }

    private mutating func text(_ start: Int) throws -> String {
        guard let text = String(validating: field, as: UTF8.self) else {
            throw CSVError(line: start, reason: "a value is not UTF-8")
        }
        field.removeAll(keepingCapacity: true)
        return text
    }

    private mutating func nextByte() throws -> UInt8? {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        return try source.next()
    }

    private mutating func peek() throws -> UInt8? {
        if pushedBack == nil { pushedBack = try source.next() }
        return pushedBack
    }
}

/// The reason why a text is not CSV, as one line for a person.
package struct CSVError: Error, Equatable, CustomStringConvertible {
    /// The line on which the record begins, counted from 1.
    package let line: Int
    package let reason: String

    package var description: String { "line \(line): \(reason)" }
}
