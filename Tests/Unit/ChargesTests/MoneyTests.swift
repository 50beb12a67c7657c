import Charges
import Testing

/// Tests of amounts: `(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?`, with their digits kept.
@Suite struct MoneyTests {
    @Test(
        "An amount keeps its digits",
        arguments: [
            "0", "0.0", "0.0000", "0.0001", "1", "9", "10", "9.90", "9.9", "9.9000", "1.0", "100.01",
            "999999999999999", "999999999999999.9999", "100000000000000", "123456789012345.6789",
        ])
    func anAmountKeepsItsDigits(text: String) throws {
        let money = try #require(Money(text))
        #expect(money.digits == text)
        #expect("\(money)" == text)
    }

    @Test(
        "Anything but a plain decimal is refused",
        arguments: [
            // Nothing, or nothing on one side of the point.
            "", ".", ".5", "5.", "0.", ".0", "1..2", "1.2.3", "1.2.",
            // Leading zeros.
            "00", "01", "007", "00.1", "09.90",
            // Signs.
            "-1", "+1", "-0", "-0.0", "+0", "1-", "\u{2212}1",
            // Exponents, other bases, and what other languages write.
            "1e3", "1E3", "1e-3", "1.0e0", "0x10", "1_000", "1,000", "1.000,00", "1'000", "9,90", "NaN",
            "nan",
            "Infinity", "-Infinity", "inf", "1f", "true", "null",
            // 16 digits, and 5 decimals.
            "1000000000000000", "1234567890123456", "1000000000000000.1", "0.00000", "0.00001", "9.90000",
            // White space and other company.
            " 1", "1 ", "1 .0", "1. 0", "\t1", "1\n", "1\u{0}", "\u{0}", "\u{FEFF}1", "1\u{200B}", "€1", "1€",
            "$1",
            // Digits, and points, that are not ASCII; a digit with a combining mark is one grapheme.
            "١", "٣.٥", "１", "９.９０", "１．０", "1．0", "१", "𝟏", "①", "²", "½", "1\u{301}", "1.0\u{20E3}", "1·0",
        ])
    func anythingElseIsRefused(text: String) {
        #expect(Money(text) == nil)
    }

    @Test("An amount has at most 15 digits and 4 decimals")
    func everyLengthUpToTheLimitIsAnAmountAndNoneBeyondIt() {
        for whole in 0...20 {
            for decimals in 0...8 {
                let text =
                    String(repeating: "7", count: whole) + "."
                    + String(repeating: "3", count: decimals)
                let expected = (1...15).contains(whole) && (1...4).contains(decimals)
                #expect((Money(text) != nil) == expected, "\(text)")
            }
            let text = String(repeating: "7", count: whole)
            #expect((Money(text) != nil) == (1...15).contains(whole), "\(text)")
        }
    }

    /// The texts have up to a million characters.
    @Test("A very long text is refused")
    func aVeryLongTextIsRefused() {
        for text in [
            String(repeating: "9", count: 1_000_000), String(repeating: ".", count: 100_000),
            "1." + String(repeating: "0", count: 1_000_000),
        ] {
            #expect(Money(text) == nil)
        }
    }

    /// The grammar, written once more as a table of states, over every text of up to five characters from an
    /// alphabet that has all that matters to it.
    @Test("Every text of up to five characters is judged by the grammar")
    func shortTextsAreReadByTheGrammar() {
        let alphabet: [Character] = ["0", "1", "9", ".", "-", "e"]
        var texts = [""]
        var frontier = [""]
        for _ in 1...5 {
            frontier = frontier.flatMap { text in alphabet.map { text + String($0) } }
            texts += frontier
        }
        let wrong = texts.filter { (Money($0) != nil) != Self.matchesGrammar($0) }
        #expect(wrong == [])
        #expect(texts.count(where: Self.matchesGrammar) > 100)
    }

    private static func matchesGrammar(_ text: String) -> Bool {
        enum State { case start, zero, whole, point, fraction, refused }
        var state = State.start
        for character in text {
            switch (state, character) {
            case (.start, "0"): state = .zero
            case (.start, "1"), (.start, "9"), (.whole, "0"), (.whole, "1"), (.whole, "9"): state = .whole
            case (.zero, "."), (.whole, "."): state = .point
            case (.point, "0"), (.point, "1"), (.point, "9"), (.fraction, "0"), (.fraction, "1"),
                (.fraction, "9"):
                state = .fraction
            default: state = .refused
            }
        }
        return state == .zero || state == .whole || state == .fraction
    }

    @Test("Amounts are equal if their digits are")
    func amountsAreEqualIfTheirDigitsAre() {
        #expect(Money("9.90") == Money("9.90"))
        #expect(Money("9.90") != Money("9.9"))
        #expect(Money("0") != Money("0.0"))
        #expect(Set(["9.90", "9.9", "9.90"].compactMap(Money.init)).count == 2)
    }
}
