import Charges
import Testing

/// Tests of text that is compared and ordered by its bytes, and counted by its scalars.
@Suite struct ExactTextTests {
    /// Texts that Swift's `String` takes for the same.
    static let canonicallyEquivalent: [(String, String)] = [
        ("caf\u{E9}", "cafe\u{301}"),
        ("\u{212B}", "\u{C5}"),
        ("\u{212B}", "A\u{30A}"),
        ("\u{2126}", "\u{3A9}"),
        ("\u{212A}", "K"),
        ("\u{37E}", ";"),
        ("\u{AC00}", "\u{1100}\u{1161}"),
        ("a\u{323}\u{307}", "a\u{307}\u{323}"),
    ]

    @Test("Canonically equivalent texts differ", arguments: canonicallyEquivalent)
    func canonicallyEquivalentTextsDiffer(one: String, other: String) {
        #expect(one == other, "the table is of texts that String takes for the same")
        #expect(ExactText(one) != ExactText(other))
        #expect(Set([ExactText(one), ExactText(other)]).count == 2)
        #expect([ExactText(one): 1][ExactText(other)] == nil)
        #expect((ExactText(one) < ExactText(other)) != (ExactText(other) < ExactText(one)))
    }

    @Test(
        "Texts of the same bytes are equal",
        arguments: [
            "", "I00002706", "caf\u{E9}", "cafe\u{301}", "\u{0}", "a\u{0}b", "\u{1F469}\u{200D}\u{1F467}",
        ])
    func theSameBytesAreTheSameText(text: String) {
        let copy = String(decoding: Array(text.utf8), as: UTF8.self)
        #expect(ExactText(text) == ExactText(copy))
        #expect(ExactText(text).hashValue == ExactText(copy).hashValue)
        #expect(ExactText(text).string.utf8.elementsEqual(text.utf8))
        #expect(Array("\(ExactText(text))".unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test(
        "Texts that only look alike differ",
        arguments: [
            ("a", "A"), ("a", "a "), ("a", "a\u{0}"), ("", " "), ("I1", "I01"), ("ﬁ", "fi"), ("１", "1"),
            ("ß", "ss"), ("\u{430}", "a"),
        ])
    func whatOnlyLooksAlikeDiffers(one: String, other: String) {
        #expect(ExactText(one) != ExactText(other))
    }

    @Test(
        "Length counts Unicode scalars",
        arguments: [
            ("", 0), ("a", 1), ("caf\u{E9}", 4), ("cafe\u{301}", 5), ("\r\n", 2),
            ("\u{1F469}\u{200D}\u{1F467}", 3),
            ("\u{1F1EC}\u{1F1F7}", 2), ("\u{AC00}", 1), ("\u{1100}\u{1161}", 2), ("\u{1F600}", 1),
            ("\u{0}", 1),
        ])
    func lengthIsCountedInScalars(text: String, scalars: Int) {
        #expect(ExactText(text).scalarCount == scalars)
    }

    @Test(
        "A NUL is detected anywhere in a text",
        arguments: [
            ("", false), ("a", false), ("0", false), ("\\u0000", false), ("\u{2400}", false),
            ("\u{100}", false),
            ("\u{0}", true), ("a\u{0}", true), ("\u{0}a", true), ("a\u{0}b", true), ("é\u{0}", true),
        ])
    func aNulIsSeen(text: String, contains: Bool) {
        #expect(ExactText(text).containsNul == contains)
    }

    @Test("Texts are ordered by their bytes")
    func theOrderIsThatOfTheBytes() {
        let ordered: [ExactText] = [
            "", "\u{0}", " ", "A", "AB", "B", "I00000009", "I00000010", "I9", "a", "cafe\u{301}", "caf\u{E9}",
            "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFD}", "\u{10000}", "\u{1F600}", "\u{10FFFF}",
        ]
        #expect(ordered.shuffled().sorted() == ordered)
        for (index, text) in ordered.enumerated() {
            for later in ordered[(index + 1)...] {
                #expect(text < later)
                #expect(!(later < text))
            }
            #expect(!(text < text))
        }
    }
}
