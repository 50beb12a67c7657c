import Testing

@testable import DelimitedText

/// Tests of CSV as it is written, for programs and for spreadsheets.
@Suite struct CSVWriterTests {
    private func line(_ fields: [String], forSpreadsheets: Bool = false, areTexts: Bool = true) -> String {
        var writer = CSVWriter(forSpreadsheets: forSpreadsheets)
        for field in fields { writer.write(field, isText: areTexts) }
        writer.endRecord()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("Fields are separated by commas, and quoted only if they need it")
    func fieldsAreQuotedIfNeedBe() {
        #expect(line(["a", "", "b c", "1.50", " d", "é"]) == "a,,b c,1.50, d,é\n")
        #expect(
            line(["a,b", "say \"x\"", "two\nlines", "\r", "\\.", "a;b", "a\tb"])
                == "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"\r\",\"\\.\",a;b,a\tb\n")
    }

    @Test("Several records follow each other, and written bytes can be forgotten")
    func recordsFollowEachOther() {
        var writer = CSVWriter(forSpreadsheets: false)
        for record in [["a", "b"], ["1", "2"]] {
            for field in record { writer.write(field) }
            writer.endRecord()
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "a,b\n1,2\n")
        writer.removeAll()
        writer.write("c")
        writer.endRecord()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "c\n")
    }

    @Test(
        "A text that a spreadsheet would run is harmless, and a number stays as it is",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), (" =1", " '=1"),
            ("\t=1", "\"'\t'=1\""), ("a;=1", "\"a;'=1\""), ("a\n-1", "\"a\n'-1\""),
            ("\u{FF1D}1", "'\u{FF1D}1"), ("a=1-1", "a=1-1"), ("acme-1", "acme-1"), ("a;b", "\"a;b\""),
        ])
    func formulasAreHarmless(field: String, written: String) {
        #expect(line([field], forSpreadsheets: true) == written + "\n")
        #expect(line(["-1.5"], forSpreadsheets: true, areTexts: false) == "-1.5\n")
    }
}
