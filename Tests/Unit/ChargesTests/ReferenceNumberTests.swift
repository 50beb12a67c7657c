import Charges
import Testing

/// Tests of reference numbers: not blank, at most 64 scalars, no control characters.
@Suite struct ReferenceNumberTests {
    /// Unicode's White_Space (PropList.txt), all of it.
    static let whiteSpace: [UInt32] =
        Array(0x09...0x0D) + [0x20, 0x85, 0xA0, 0x1680] + Array(0x2000...0x200A)
        + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]

    @Test(
        "Any text with a visible character is valid",
        arguments: [
            "INV-1", "0", "-", " a", "a ", "a b", "a\u{A0}b", "\u{2003}x\u{2003}", "caf\u{E9}", "cafe\u{301}",
            "\u{301}", "請求書１", "\u{1F469}\u{200D}\u{1F467}", #"'"\; DROP TABLE charge; --"#, "\\u0000",
            "null",
            "\u{10FFFD}", "a\u{2028}b",
        ])
    func anyTextThatSaysSomethingCanBeOne(text: String) {
        #expect(ReferenceNumber.isValid(ExactText(text)))
    }

    @Test("The table of white space matches Unicode's")
    func theTableOfWhiteSpaceIsUnicodes() {
        let all = (UInt32(0)...0x10FFFF).filter { Unicode.Scalar($0)?.properties.isWhitespace == true }
        #expect(all == Self.whiteSpace)
    }

    @Test("White space alone is blank")
    func whiteSpaceAloneIsBlank() throws {
        #expect(!ReferenceNumber.isValid(""))
        for value in Self.whiteSpace {
            let space = String(try #require(Unicode.Scalar(value)))
            #expect(!ReferenceNumber.isValid(ExactText(space)), "U+\(String(value, radix: 16))")
            #expect(!ReferenceNumber.isValid(ExactText(String(repeating: space, count: 64))))
            #expect(!ReferenceNumber.isValid(ExactText(" " + space + "\u{3000}")))
        }
    }

    @Test("White space beside another character is not blank")
    func whiteSpaceBesideSomethingElseIsNotBlank() throws {
        for value in Self.whiteSpace {
            let scalar = try #require(Unicode.Scalar(value))
            let isControl = scalar.properties.generalCategory == .control
            #expect(ReferenceNumber.isValid(ExactText("a" + String(scalar))) == !isControl)
        }
    }

    @Test("Control characters are refused")
    func everyControlCharacterIsRefused() throws {
        for value in Array(UInt32(0)...0x1F) + Array(0x7F...0x9F) {
            let control = String(try #require(Unicode.Scalar(value)))
            for text in [control, "a" + control, control + "a", "a" + control + "b", "\u{1F600}" + control] {
                #expect(!ReferenceNumber.isValid(ExactText(text)), "U+\(String(value, radix: 16))")
            }
        }
        // The neighbours of the control characters are none.
        for text in ["!", "~", "\u{A1}"] { #expect(ReferenceNumber.isValid(ExactText(text))) }
    }

    @Test(
        "A reference number has at most 64 scalars",
        arguments: ["x", "\u{E9}", "請", "\u{1F600}", "\u{10FFFD}"])
    func sixtyFourScalarsAreTheMost(scalar: String) {
        for (count, isValid) in [
            (1, true), (63, true), (64, true), (65, false), (66, false), (100_000, false),
        ] {
            #expect(ReferenceNumber.isValid(ExactText(String(repeating: scalar, count: count))) == isValid)
        }
    }

    @Test("Length counts scalars, not graphemes")
    func scalarsAreCountedAndNotGraphemes() {
        let accented = "e\u{301}"
        #expect(ReferenceNumber.isValid(ExactText(String(repeating: accented, count: 32))))
        #expect(!ReferenceNumber.isValid(ExactText(String(repeating: accented, count: 32) + "x")))
        #expect(!ReferenceNumber.isValid(ExactText("e" + String(repeating: "\u{301}", count: 64))))
        // White space counts as well, also at the ends.
        #expect(ReferenceNumber.isValid(ExactText(String(repeating: " ", count: 63) + "x")))
        #expect(!ReferenceNumber.isValid(ExactText(String(repeating: " ", count: 64) + "x")))
        #expect(!ReferenceNumber.isValid(ExactText("x" + String(repeating: " ", count: 64))))
    }
}
