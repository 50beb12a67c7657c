import Charges
import Testing

@testable import ChargeStore

/// Tests of the reader of decision files.
@Suite struct DecisionFileReaderTests {
    private static let noNumber =
        "line 1: the first line must be a header, and one of its columns must be called number"

    private func rows(_ text: String) throws(DecisionFileFault) -> [String] {
        try DecisionFileReader.read(Array(text.utf8)).map { entry in
            let values = [entry.number, entry.customer, entry.referenceNumber].map { $0?.string ?? "-" }
            return "\(entry.line) \(values.joined(separator: " "))" + (entry.fault.map { ": \($0)" } ?? "")
        }
    }

    private func fault(_ text: String) -> String? {
        do {
            _ = try rows(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "Columns come in any order and with any delimiter, and others are ignored",
        arguments: [",", ";", "\t"])
    func columns(_ delimiter: String) throws {
        let file = "\u{FEFF}reference_number,remark,number\r\nR1,x,I1\r\n\r\n,\"a\r\nb\",I2\r\nR3,,I3"
            .replacing(",", with: delimiter)
        #expect(try rows(file) == ["2 I1 - R1", "4 I2 - -", "6 I3 - R3"])
    }

    @Test("A file may have numbers alone, or customers as well")
    func optionalColumns() throws {
        #expect(try rows("number\nI1\n") == ["2 I1 - -"])
        #expect(
            try rows("number,billing_system_customer_identifier\nI1,c1\nI2,\n") == [
                "2 I1 c1 -", "3 I2 - -: billing_system_customer_identifier is missing or empty.",
            ])
    }

    @Test("A bad cell is a fault of its row, by the rules of a call's item")
    func badCells() throws {
        let reference = ItemFailure(.invalidReferenceNumber).description
        let number = ItemFailure(.chargeNotFound).description
        let long = String(repeating: "x", count: 65)
        let file =
            "number,reference_number\n,R1\nI2,\" \"\nI3,\(long)\n\(long),R4\nI\u{0},R5\nI6,R\u{0}\nI7,R7\n"
        #expect(
            try rows(file) == [
                "2 - - R1: number is missing or empty.", "3 I2 -  : \(reference)",
                "4 I3 - \(long): \(reference)", "5 \(long) - R4: \(number)",
                "6 - - R5: number has a NUL character.",
                "7 I6 - -: reference_number has a NUL character.", "8 I7 - R7",
            ])
    }

    @Test("A number or a reference number that appears again is a fault of the later rows")
    func repeatedValues() throws {
        #expect(
            try rows("number,reference_number\nI1,R1\nI1,R2\nI3,R1\nI1,R1\nI4,\nI5,\n") == [
                "2 I1 - R1", "3 I1 - R2: number appears on line 2 already.",
                "4 I3 - R1: reference_number appears on line 2 already.",
                "5 I1 - R1: number appears on line 2 already.", "6 I4 - -", "7 I5 - -",
            ])
        // They are compared by their bytes.
        #expect(try rows("number\n\u{E9}\ne\u{301}\n").count == 2)
    }

    @Test(
        "A file that cannot be read has one fault, with its line",
        arguments: [
            ("", "the file is empty"), ("number\n", "the file has a header and no rows"),
            ("I1,R1\n", Self.noNumber),
            ("reference_number\nR1\n", Self.noNumber),
            ("number,x,number\n", "line 1: column number appears more than once"),
            (
                "number;reference_number\nI1;R1\nI2\n",
                "line 3: the line has 1 value, but the header has 2 columns with a semicolon between them"
            ),
            ("number\nI1\n\"I2\n", "line 3: a quote is not closed"),
        ])
    func faults(_ file: String, _ expected: String) {
        #expect(fault(file) == expected)
    }

    @Test("A file with another encoding is refused with the line")
    func encoding() {
        #expect(throws: DecisionFileFault(line: 2, "a value is not text in UTF-8")) {
            try DecisionFileReader.read(Array("number\nI".utf8) + [0xE9, 0x0A])
        }
    }

    @Test("A file may have 10,000 rows, and one more is refused")
    func bounds() throws {
        let rows = (1...DecisionFile.maximumRows).map { "I\($0)" }.joined(separator: "\n")
        #expect(try DecisionFileReader.read(Array("number\n\(rows)\n".utf8)).count == 10_000)
        #expect(
            fault("number\n\(rows)\nI0\n")
                == "line 10002: the file has more than 10000 rows; upload it in parts")
        #expect(
            fault(String(repeating: "\n", count: DecisionFile.maximumBytes + 1))
                == "the file is larger than 4 MB; upload it in parts")
    }
}
