import StrictJSON
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of the JSON writer, byte by byte, and with the reader.
@Suite struct JSONWriterTests {
    @Test(
        "Structures are written without spaces",
        arguments: [
            (.null, "null"), (.boolean(true), "true"), (.boolean(false), "false"),
            (.number("9.90"), "9.90"), (.number("-1e5"), "-1e5"), (.object([]), "{}"), (.array([]), "[]"),
            (.string(""), "\"\""), (.array([.number("1"), .null, .array([])]), "[1,null,[]]"),
            (
                .object([.init("b", .number("1")), .init("a", .object([.init("", .boolean(true))]))]),
                #"{"b":1,"a":{"":true}}"#
            ),
        ] as [(JSONValue, String)])
    func structuresAreWrittenWithoutSpaces(_ value: JSONValue, _ document: String) {
        #expect(value.text == document)
    }

    @Test(
        "Only what must be escaped is escaped",
        arguments: [
            ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("/", "/"),
            ("\r\n", #"\r\n"#), ("\u{0}", #"\u0000"#), ("\u{8}", #"\u0008"#), ("\u{C}", #"\u000c"#),
            ("\u{1F}", #"\u001f"#), ("\u{7F}", "\u{7F}"), ("\u{E9}", "\u{E9}"), ("e\u{301}", "e\u{301}"),
            ("\u{1F642}", "\u{1F642}"), ("\u{2028}", "\u{2028}"), ("a\"b\\c", #"a\"b\\c"#),
        ])
    func whatMustBeEscapedIsAndNothingElse(_ text: String, _ written: String) {
        #expect(Array(JSONValue.string(text).text.utf8) == Array("\"\(written)\"".utf8))
        let member = JSONValue.object([.init(text, .null)])
        #expect(Array(member.text.utf8) == Array("{\"\(written)\":null}".utf8))
    }

    @Test("Every scalar round-trips")
    func everyScalarSurvivesTheRoundTrip() throws {
        var text = String.UnicodeScalarView()
        for value in 0...0x10FFFF as ClosedRange<UInt32> where value < 0x800 || value % 97 == 0 {
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        let value = JSONValue.string(String(text))
        let read = try JSONReader.read(value.text.utf8)
        #expect(read.string.map { $0.unicodeScalars.elementsEqual(text) } == true)
    }

    @Test("Every written value reads back", arguments: JSONGenerator.seeds)
    func whatIsWrittenIsReadBack(seed: UInt64) throws {
        for number in 0..<500 as Range<UInt64> {
            var generator = JSONGenerator(seed: seed &+ number)
            let value = generator.value(depth: 5)
            let read = try JSONReader.read(value.text.utf8)
            // By bytes, since texts that are canonically equal are equal to Swift.
            try #require(Array(read.text.utf8) == Array(value.text.utf8), "seed \(seed &+ number)")
            try #require(read == value, "seed \(seed &+ number)")
        }
    }

    @Test("Elements and members are separated by commas")
    func piecesAreSeparatedWhereTheyMustBe() {
        var writer = JSONWriter(capacity: 0)
        writer.beginObject()
        writer.name("a")
        writer.beginArray()
        writer.number("1")
        writer.endArray()
        writer.name("b")
        writer.beginArray()
        writer.string(nil as String?)
        writer.string("c")
        writer.number("2")
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        #expect(writer.text == #"{"a":[1],"b":[null,"c",2,{}]}"#)
        #expect(String(buffer: ByteBuffer(bytes: writer.bytes)) == writer.text)
    }
}
