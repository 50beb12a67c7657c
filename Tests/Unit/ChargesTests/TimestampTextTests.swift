import Charges
import Foundation
import Testing

/// Tests of writing times: `2026-11-23T07:00:00`, UTC, no zone, whole seconds. Foundation is the oracle.
@Suite struct TimestampTextTests {
    @Test(
        "A time is written in whole seconds",
        arguments: [
            (0, "2000-01-01T00:00:00"),
            (1, "2000-01-01T00:00:00"),
            (999_999, "2000-01-01T00:00:00"),
            (1_000_000, "2000-01-01T00:00:01"),
            (-1, "1999-12-31T23:59:59"),
            (-1_000_000, "1999-12-31T23:59:59"),
            (-1_000_001, "1999-12-31T23:59:58"),
            (-946_684_800_000_000, "1970-01-01T00:00:00"),
            (848_646_000_000_000, "2026-11-22T07:00:00"),
            (848_732_400_999_999, "2026-11-23T07:00:00"),
            (252_455_615_999_999_999, "9999-12-31T23:59:59"),
            (-63_082_281_600_000_000, "0001-01-01T00:00:00"),
        ] as [(Int64, String)])
    func aMomentIsWrittenInWholeSeconds(microseconds: Int64, text: String) {
        #expect(Timestamp(microsecondsSince2000: microseconds).text == text)
    }

    @Test("Every day from 1900 to 2300 is written as Foundation writes it")
    func everyDayOfFourHundredYearsIsFoundationsDay() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var wrong: [String] = []
        // 1900 to 2300: leap centuries and others, both sides of 2000.
        for day in Int64(-36_524)..<109_573 {
            let text = Timestamp(microsecondsSince2000: day * 86_400_000_000).text
            let date = Date(timeIntervalSinceReferenceDate: Double(day * 86_400 - 31_622_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let expected =
                Self.padded(parts.year!, 4) + "-" + Self.padded(parts.month!, 2) + "-"
                + Self.padded(parts.day!, 2) + "T00:00:00"
            if text != expected { wrong.append("\(text) and not \(expected)") }
        }
        #expect(wrong.prefix(3) == [])
    }

    @Test("Random times are written as Foundation writes them")
    func manyMomentsAreFoundationsMoments() {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        var generator = SplitMix(seed: 2026)
        var wrong: [String] = []
        for _ in 0..<10_000 {
            // From the year 1600 on: before the reform of 1582 Foundation's calendar is another one.
            let seconds = Int64.random(in: -12_622_780_800..<252_455_616_000, using: &generator)
            let text = Timestamp(microsecondsSince2000: seconds * 1_000_000).text
            let expected = Date(timeIntervalSince1970: Double(seconds + 946_684_800)).formatted(style)
            if text + "Z" != expected { wrong.append("\(text) and not \(expected)") }
        }
        #expect(wrong.prefix(3) == [])
    }

    @Test("A written time parses back")
    func whatIsWrittenIsReadAgain() throws {
        var generator = SplitMix(seed: 7)
        for _ in 0..<10_000 {
            let seconds = Int64.random(in: -63_082_281_600..<252_455_616_000, using: &generator)
            let moment = Timestamp(microsecondsSince2000: seconds * 1_000_000)
            #expect(Timestamp(moment.text) == moment)
        }
    }

    @Test("Times have the order of their texts")
    func momentsAreOrderedAsTheirTextsAre() {
        var generator = SplitMix(seed: 3)
        let moments = (0..<1000).map { _ in
            Timestamp(
                microsecondsSince2000: 1_000_000
                    * Int64.random(in: -63_082_281_600..<252_455_616_000, using: &generator))
        }
        #expect(moments.sorted().map(\.text) == moments.map(\.text).sorted())
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
