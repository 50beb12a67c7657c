import Testing

@testable import Charges

/// Tests of bytes as hexadecimal text.
@Suite struct HexadecimalTests {
    @Test("Every byte is two digits and parses back")
    func everyByteIsTwoDigitsAndReadsBack() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hexadecimal.text(bytes)
        #expect(text.hasPrefix("000102"))
        #expect(text.hasSuffix("fdfeff"))
        #expect(text.utf8.count == 512)
        #expect(Hexadecimal.bytes(text) == bytes)
        #expect(Hexadecimal.bytes(text.uppercased()) == bytes)
        #expect(Hexadecimal.text([]) == "")
        #expect(Hexadecimal.bytes("") == [])
    }

    @Test(
        "Text other than pairs of hexadecimal digits is refused",
        arguments: ["0", "abc", "0g", "g0", "+1", " 1", "\u{E9}", "0x"])
    func whatIsNoPairsOfDigitsIsNone(_ text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }
}
