import Charges
import Testing

@testable import ChargeStore

/// Tests of the reader of an operator's file, which comes in pieces of any size.
@Suite struct ReconciliationReaderTests {
    private func rows(
        _ file: [UInt8], _ format: ReconciliationParameters.Format = .csv, pieces: Int = .max
    ) throws(ReconciliationFileFault) -> [String] {
        var reader = ReconciliationReader(format)
        var rows: [String] = []
        let note: (ReconciliationRow) -> Void = { row in
            let values = row.values.map { $0 ?? "-" }.joined(separator: " ")
            rows.append("\(row.line) \(values)\(row.fault == nil ? "" : " !")")
        }
        var rest = file[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieces)
            try reader.read(Array(piece), note)
            rest = rest.dropFirst(piece.count)
        }
        try reader.finish(note)
        return rows
    }

    private func rows(_ text: String, _ format: ReconciliationParameters.Format = .csv, pieces: Int = .max)
        throws(ReconciliationFileFault) -> [String]
    {
        try rows(Array(text.utf8), format, pieces: pieces)
    }

    @Test("Pieces of any size give the same rows", arguments: [1, 2, 3, 7, 1000])
    func piecesOfAnySize(_ size: Int) throws {
        let file =
            "\u{FEFF}\r\n\r\nremark;amount;number\r\n\"a\r\nb;\"\"\";9,90;N1\r\n\r\n-;1.5;N2\r\n-;1,5;N3"
        let expected = ["4 N1 - - 9.90 - - - - -", "7 N2 - - 1.5 - - - - -", "8 N3 - - 1.5 - - - - -"]
        #expect(try rows(file, pieces: size) == expected)
        let objects = """
            \u{FEFF}{"number":"N1","amount":9.90,"x":[1]}\r

            {"reference_number":"R","amount":"1,5","currency":null}
            {"number":7,"decision":true}
            """
        #expect(
            try rows(objects, .ndjson, pieces: size)
                == ["1 N1 - - 9.90 - - - - -", "3 - R - - - - - - - !", "4 7 - - - - - - - - !"])
    }

    @Test("A decimal comma is one only where the delimiter is none", arguments: [",", ";", "\t"])
    func decimalCommas(_ delimiter: String) throws {
        let file = "number\(delimiter)amount\nN1\(delimiter)\"1,5\"\nN2\(delimiter)\"1.000,50\"\n"
        let isComma = delimiter == ","
        #expect(
            try rows(file) == [
                isComma ? "2 N1 - - - - - - - - !" : "2 N1 - - 1.5 - - - - -", "3 N2 - - - - - - - - !",
            ])
    }

    @Test("A line that says the delimiter is passed over")
    func saidDelimiter() throws {
        #expect(try rows("sep=;\nnumber;amount\nN1;2\n", pieces: 3) == ["3 N1 - - 2 - - - - -"])
    }

    @Test(
        "A file that cannot be compared is refused with its line",
        arguments: [
            ("", nil, "the file is empty"), ("\n\n", nil, "the file is empty"),
            ("N1,9.90\n", 1, "the first line must be a header"), ("amount\n1\n", 1, "the header has neither"),
            ("number,number\n", 1, "column number appears more than once"),
            ("number,amount\nN1,1\nN2;2\n", 3, "the line has 1 value"),
            ("number,amount\nN1,1\nN2\n", 3, "the line has 1 value"),
            ("number,amount\nN1,1\n\"N2,1\nN3,1\n", 3, "a quote is not closed"),
            ("number,amount\nN1,a\"b\n", 2, "a value with a quote in it must be quoted"),
            (
                "number,amount\nN1,1\nN2,\"" + String(repeating: "x\n", count: 300_000), 3,
                "a value is longer than 4096"
            ),
        ] as [(String, Int?, String)])
    func faultsOfFiles(_ file: String, _ line: Int?, _ reason: String) {
        for pieces in [1000, .max] {
            let fault = #expect(throws: ReconciliationFileFault.self) { try rows(file, pieces: pieces) }
            #expect(
                fault?.line == line && fault?.reason.hasPrefix(reason) == true,
                "\(fault.map(String.init) ?? "")")
        }
    }

    @Test("Bytes that are not UTF-8 are refused with their line")
    func encodings() {
        let latin = Array("number,amount\nN1,1\nN".utf8) + [0xE9] + Array(",2\n".utf8)
        #expect(throws: ReconciliationFileFault(line: 3, "a value is not text in UTF-8")) { try rows(latin) }
        let utf16 = Array("number,amount\n".utf16).flatMap { [UInt8($0 & 0xFF), 0] }
        #expect(throws: ReconciliationFileFault.self) { try rows([0xFF, 0xFE] + utf16) }
        #expect(throws: ReconciliationFileFault.self) { try rows(utf16) }
    }

    @Test(
        "A line that is no JSON object is refused with its number",
        arguments: ["{\"number\":NaN}", "[]", "{\"number\":\"1\""])
    func badLines(_ text: String) {
        let fault = #expect(throws: ReconciliationFileFault.self) {
            try rows("{\"number\":\"N1\"}\n\(text)\n", .ndjson)
        }
        #expect(fault?.line == 2)
    }
}
