import Foundation
import Testing

@testable import DelimitedText

/// Tests of the records that a CSV file has, and of files that are not CSV.
@Suite struct CSVReaderTests {
    /// A record: its line and its fields.
    private struct Record: Equatable {
        let line: Int
        let fields: [String]

        init(_ line: Int, _ fields: String...) {
            self.line = line
            self.fields = fields
        }

        init(_ record: (line: Int, fields: [String])) {
            (line, fields) = record
        }
    }

    private func records(_ bytes: [UInt8]) throws -> [Record] {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var reader = CSVReader(try ByteSource(path: path))
        var records: [Record] = []
        while let record = try reader.next() { records.append(Record(record)) }
        return records
    }

    private func records(_ text: String) throws -> [Record] { try records(Array(text.utf8)) }

    @Test("Lines end in LF or CRLF, and the last one needs no end", arguments: ["\n", "\r\n"])
    func lineEnds(_ end: String) throws {
        let expected = [Record(1, "a", "b"), Record(2, "c", "")]
        #expect(try records("a,b\(end)c,") == expected)
        #expect(try records("a,b\(end)c,\(end)") == expected)
    }

    @Test("A carriage return within a field belongs to it")
    func carriageReturns() throws {
        #expect(try records("a\rb,c\n") == [Record(1, "a\rb", "c")])
    }

    @Test("A quoted field keeps commas, line ends and doubled quotes")
    func quotes() throws {
        #expect(
            try records("\"a,\nb\",\"say \"\"c\"\"\",\"\"\nd,e,\n")
                == [Record(1, "a,\nb", "say \"c\"", ""), Record(3, "d", "e", "")])
    }

    @Test("Empty lines are skipped and counted")
    func emptyLines() throws {
        #expect(try records("\n\r\na\n\nb\n\n") == [Record(3, "a"), Record(5, "b")])
        #expect(try records("").isEmpty)
    }

    @Test("A byte order mark is skipped at the beginning alone")
    func byteOrderMark() throws {
        #expect(try records("\u{FEFF}\"a\"\n\u{FEFF}b") == [Record(1, "a"), Record(2, "\u{FEFF}b")])
        #expect(try records("\u{FEFF}").isEmpty)
    }

    @Test(
        "A wrong record is named by the line on which it begins",
        arguments: [
            ("a\n\"b\nc", "line 2: a quote is not closed"),
            ("\"a\"b\n", "line 1: a closing quote must be followed by a comma or a line end"),
            ("a;b\n\"a\" ;b\n", "line 2: a closing quote must be followed by a semicolon or a line end"),
            ("a,b\na, \"b\"\n", "line 2: white space is not allowed before an opening quote"),
            ("a,b\n\n5\",b\n", "line 3: a value with a quote in it must be quoted, and the quote doubled"),
            ("\"a\n\"\n" + String(repeating: "b", count: 4097), "line 3: a value is longer than 4096 bytes"),
        ])
    func wrongRecords(_ text: String, _ description: String) {
        let error = #expect(throws: CSVError.self) { try records(text) }
        #expect(error?.description == description)
    }

    @Test(
        "The first line shows the delimiter, which is also the one of every other line",
        arguments: [
            ("a;b\n1,5;\"x;y\"\n", [Record(1, "a", "b"), Record(2, "1,5", "x;y")]),
            ("a\tb\r\n1,5\tc;d\r\n", [Record(1, "a", "b"), Record(2, "1,5", "c;d")]),
            ("\"a,\";b\n", [Record(1, "a,", "b")]),
            ("sep=;\r\na,b;c\r\n", [Record(2, "a,b", "c")]),
            ("\na,b;c\r", [Record(2, "a", "b;c")]),
        ])
    private func delimiters(_ text: String, _ expected: [Record]) throws {
        #expect(try records(text) == expected)
    }

    @Test("The reading goes on after a line with a fault")
    func linesAfterAFault() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try Data("a,b\nc, \"d\"\ne,\u{FF}\"\nf,g\n".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var reader = CSVReader(try ByteSource(path: path))
        var lines: [String] = []
        while true {
            do {
                guard let record = try reader.next() else { break }
                lines.append("\(record.line) \(record.fields.joined(separator: "|"))")
            } catch let error as CSVError {
                lines.append("\(error.line) fault")
                try reader.skipLine()
            }
        }
        #expect(lines == ["1 a|b", "2 fault", "3 fault", "4 f|g"])
    }

    @Test("A byte order mark that a pipe brings in pieces is skipped", arguments: [1, 2, 3, 4])
    func byteOrderMarkInPieces(size: Int) throws {
        var rest = Array("\u{FEFF}\"a\",b\n".utf8)[...]
        let source = ByteSource(path: "-") { buffer in
            let piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            buffer.copyBytes(from: piece)
            return piece.count
        }
        var reader = CSVReader(source)
        #expect(try reader.next()?.fields == ["a", "b"])
        #expect(try reader.next() == nil)
    }

    @Test("A field that is not UTF-8 is refused")
    func encoding() {
        #expect(throws: CSVError(line: 1, reason: "a value is not text in UTF-8")) {
            try records([UInt8(ascii: "a"), 0xFF])
        }
    }

    @Test("A file that is not there is named")
    func missingFile() {
        let error = #expect(throws: FileError.self) { try ByteSource(path: "/nowhere/charges.csv") }
        #expect(error?.description.contains("/nowhere/charges.csv") == true)
    }
}
