/// A reader of delimited text in UTF-8 (RFC 4180), with commas, semicolons or tabs. Quoted values may contain doubled
/// quotes, delimiters and line ends. Lines end in LF or CRLF.
///
/// What another program would read otherwise is refused: white space around a quoted value, and a quote inside a value
/// that is not quoted.
package struct CSVReader {
    /// The maximum length of a field in bytes. So a quote that is not closed ends soon.
    private static let maximumFieldBytes = 4096

    private let source: ByteSource
    /// The delimiter, which the first line shows; a comma before that line is read.
    package private(set) var delimiter = Delimiter.comma
    /// The number of the next line, counted from 1.
    package private(set) var line = 1
    /// The first lines, which were read to find the delimiter; `nil` before that.
    private var beginning: ArraySlice<UInt8>?
    private var pushedBack: UInt8?
    private var field: [UInt8] = []
    /// Whether the last byte was the end of a line.
    private var isAtLineEnd = true

    package init(_ source: ByteSource) {
        self.source = source
    }

    /// A reader of a later part of a file, which begins with a record.
    ///
    /// - Parameter line: The number of the part's first line.
    package init(_ source: ByteSource, delimiter: Delimiter, line: Int) {
        self.source = source
        self.delimiter = delimiter
        self.line = line
        beginning = []
    }

    /// The next record and the line on which it begins, or `nil` at the end. Empty lines are skipped.
    ///
    /// - Throws: `CSVError`, or the source's `FileError`.
    package mutating func next() throws -> (line: Int, fields: [String])? {
        if beginning == nil {
            let found = try Delimiter.find(source)
            delimiter = found.delimiter
            beginning = found.bytes[...]
            line += found.lines
        }
        while true {
            let start = line
            guard let fields = try record(start) else { return nil }
            if fields.count == 1, fields[0].isEmpty { continue }
            return (start, fields)
        }
    }

    /// Passes over the rest of a line that has a fault, so that the next one can be read.
    package mutating func skipLine() throws {
        while !isAtLineEnd, let byte = try nextByte() {
            if byte == UInt8(ascii: "\n") { endLine() }
        }
    }

    private mutating func record(_ start: Int) throws -> [String]? {
        var fields: [String] = []
        var isQuoted = false
        var sawAnything = false
        field.removeAll(keepingCapacity: true)
        while let byte = try nextByte() {
            sawAnything = true
            isAtLineEnd = false
            switch byte {
            case UInt8(ascii: "\"") where field.isEmpty && !isQuoted:
                isQuoted = true
                try quoted(start)
            case delimiter.rawValue:
                fields.append(try text(start))
                isQuoted = false
            case UInt8(ascii: "\n"):
                endLine()
                fields.append(try text(start))
                return fields
            case UInt8(ascii: "\r") where try lineEndsNext():
                continue
            case UInt8(ascii: "\"") where !isQuoted:
                throw CSVError(line: start, reason: strayQuote)
            default:
                guard !isQuoted else {
                    throw CSVError(
                        line: start,
                        reason: "a closing quote must be followed by a \(delimiter.name) or a line end")
                }
                try append(byte, start)
            }
        }
        guard sawAnything else { return nil }
        fields.append(try text(start))
        return fields
    }

    /// The reason why a quote after the begun value is refused.
    private var strayQuote: String {
        field.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            ? "white space is not allowed before an opening quote"
            : "a value with a quote in it must be quoted, and the quote doubled"
    }

    /// Reads the rest of a quoted field, after the opening quote.
    private mutating func quoted(_ start: Int) throws {
        while let byte = try nextByte() {
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return }
                _ = try nextByte()
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            try append(byte, start, isQuoted: true)
        }
        throw CSVError(line: start, reason: "a quote is not closed")
    }

    private mutating func append(_ byte: UInt8, _ start: Int, isQuoted: Bool = false) throws {
        guard field.count < Self.maximumFieldBytes else {
            let hint = isQuoted ? "; perhaps its quote is not closed" : ""
            throw CSVError(
                line: start, reason: "a value is longer than \(Self.maximumFieldBytes) bytes\(hint)")
        }
        field.append(byte)
    }

    private mutating func text(_ start: Int) throws -> String {
        guard let text = String(validating: field, as: UTF8.self) else {
            throw CSVError(line: start, reason: "a value is not text in UTF-8")
        }
        field.removeAll(keepingCapacity: true)
        return text
    }

    private mutating func endLine() {
        line += 1
        isAtLineEnd = true
    }

    private mutating func lineEndsNext() throws -> Bool {
        let next = try peek()
        return next == nil || next == UInt8(ascii: "\n")
    }

    private mutating func nextByte() throws -> UInt8? {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        if let byte = beginning?.popFirst() { return byte }
        return try source.next()
    }

    private mutating func peek() throws -> UInt8? {
        if pushedBack == nil { pushedBack = try nextByte() }
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
