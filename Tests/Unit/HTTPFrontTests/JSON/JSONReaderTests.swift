import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the JSON reader by the rules of RFC 8259.
@Suite struct JSONReaderTests {
    @Test(
        "Structures are read in their order",
        arguments: [
            ("null", .null), ("true", .boolean(true)), ("false", .boolean(false)),
            (" \t\r\n1 \t\r\n", .number("1")), ("{}", .object([])), ("[ ]", .array([])), ("{ }", .object([])),
            ("[[], {}]", .array([.array([]), .object([])])),
            ("[1,2 , 3]", .array([.number("1"), .number("2"), .number("3")])),
            (#"{"b":1,"a":null}"#, .object([.init("b", .number("1")), .init("a", .null)])),
            (#"{"":""}"#, .object([.init("", .string(""))])),
        ] as [(String, JSONValue)])
    func structuresAreReadAsTheyCome(_ document: String, _ value: JSONValue) throws {
        #expect(try JSONReader.read(document.utf8) == value)
    }

    @Test("A byte order mark before the document is skipped (RFC 8259, 8.1)")
    func aByteOrderMarkIsSkipped() throws {
        #expect(try JSONReader.read("\u{FEFF}1".utf8) == .number("1"))
        #expect(try JSONReader.read("\u{FEFF} {\"a\":\"b\"}".utf8) == .object([.init("a", .string("b"))]))
    }

    @Test(
        "Numbers keep their digits",
        arguments: [
            "0", "-0", "7", "-7", "10", "9.90", "0.0001", "123456789012345678901234567890.10", "1e5", "1E+5",
            "1.50e-07", "1e999999999",
        ])
    func numbersKeepTheirDigits(_ number: String) throws {
        #expect(try JSONReader.read(number.utf8) == .number(number))
        #expect(try JSONReader.read("[\(number)]".utf8) == .array([.number(number)]))
    }

    @Test(
        "Strings are unescaped",
        arguments: [
            ("\"\"", ""), (#""a b""#, "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u00E9""#, "A\u{E9}\u{E9}"), (#""\u0000""#, "\u{0}"), (#""\u001f""#, "\u{1F}"),
            (#""\ud83d\ude42""#, "\u{1F642}"), (#""\uD800\uDC00""#, "\u{10000}"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uffff\uD7FF\uE000""#, "\u{FFFF}\u{D7FF}\u{E000}"),
            ("\"\u{7F}\u{80}\u{1F642}\"", "\u{7F}\u{80}\u{1F642}"), ("\"\u{FEFF}\"", "\u{FEFF}"),
            (#""e\u0301""#, "e\u{301}"), (#""\\u0041""#, #"\u0041"#), ("\"\u{2028}/'\"", "\u{2028}/'"),
        ])
    func stringsAreUnescaped(_ document: String, _ text: String) throws {
        let read = try JSONReader.read(document.utf8)
        #expect(read.string.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test(
        "A document that is not JSON is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "NaN", "Infinity", "undefined", "'a'", "// a\n1", "1 /* a */",
            "01", "-01", "00", "-", "--1", "+1", ".5", "1.", "1.e1", "1e", "1e+", "0x10", "1_000", "1,5",
            "1 2", "1,", "{}{}", "[]]", "{}}", "\u{0}", "1\u{0}", "\u{B}1", "\u{A0}1",
            "\u{FEFF}", "\u{FEFF}\u{FEFF}1", " \u{FEFF}1", "1\u{FEFF}", "[\u{FEFF}1]",
            "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1}", "{1:2}", #"{"a"}"#,
            #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a":1"#, #"{"a":1]"#,
            "{a:1}", "{'a':1}", "{null:1}",
            "\"", #""a"#, #""\"#, #""\""#, #""\x""#, #""\U0041""#, #""\'""#, #""\u""#, #""\u123""#, #""\u12"#,
            #""\u12G4""#, #""\u+123""#, #""\u 123""#, "\"\\u\u{FF11}234\"", "\"a\nb\"", "\"\t\"",
            "\"\u{1F}\"", "\"\u{0}\"",
        ])
    func whatIsNotJSONIsRefused(_ document: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(document.utf8) }
    }

    @Test(
        "An unpaired surrogate is refused",
        arguments: [
            #""\ud800""#, #""\udfff""#, #""\ud83d\ud83d\ude42""#, #""\ude42\ud83d""#, #""\ud83dx""#,
            #""\ud83d\n""#, #""\ud83d\u0041""#, #""\ud83d\ude4""#, #""\ud83d\\ude42""#, #""\ud83d"#,
        ])
    func halfASurrogatePairIsRefused(_ document: String) {
        #expect(throws: JSONError.self) { try JSONReader.read(document.utf8) }
    }

    @Test(
        "Malformed UTF-8 is refused",
        arguments: [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x99],
            [0xC3],
        ] as [[UInt8]])
    func whatIsNotUTF8IsRefused(_ bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        for document in [
            [quote] + bytes + [quote], [quote] + bytes + Array(#"\n""#.utf8), bytes,
            Array(#"{"a":1,""#.utf8) + bytes + Array(#"":2}"#.utf8),
        ] {
            #expect(throws: JSONError.self) { try JSONReader.read(document) }
        }
    }

    @Test("Other encodings are refused")
    func otherEncodingsAreRefused() {
        let document = Array("[1]".utf8)
        for bytes in [
            document.flatMap { [$0, 0] }, document.flatMap { [0, $0] },
            [0xFF, 0xFE] + document.flatMap { [$0, 0] },
        ] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
        }
    }
}
