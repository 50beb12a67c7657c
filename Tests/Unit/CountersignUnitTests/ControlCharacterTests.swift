import Testing

@testable import countersign

/// Tests of what the program prints in the place of characters that a terminal would act upon.
@Suite struct ControlCharacterTests {
    @Test(
        "Control characters are escaped, and other text stays",
        arguments: [
            ("a\u{1B}[31mb", #"a\u001b[31mb"#), ("\u{9B}\u{7F}\r\n\0", #"\u009b\u007f\u000d\u000a\u0000"#),
            ("\u{202E}\u{2066}\u{2028}", #"\u202e\u2066\u2028"#), ("Ζωή 請 \u{1F469}\u{200D}\u{1F467}", nil),
            ("plain ~", nil),
        ] as [(String, String?)])
    func theyAreEscaped(text: String, escaped: String?) {
        #expect(text.escapingControls() == escaped ?? text)
    }

    @Test("A failure's line and a table's cells are escaped")
    func failuresAndTables() {
        #expect(CommandFailure("no charge \u{1B}c").line == #"no charge \u001bc"#)
        #expect(Table(styles: [nil], rows: [["\u{1B}c"]]).text == #"\u001bc"#)
    }
}
