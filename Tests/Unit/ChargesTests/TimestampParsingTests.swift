import Charges
import Foundation
import Testing

/// Tests of parsing times: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, without a zone.
@Suite struct TimestampParsingTests {
    @Test(
        "A date with or without a time is parsed",
        arguments: [
            ("2026-11-23T07:00:00", "2026-11-23T07:00:00"),
            ("2026-11-23", "2026-11-23T00:00:00"),
            ("2026-11-23T00:00:00", "2026-11-23T00:00:00"),
            ("2026-11-23T23:59:59", "2026-11-23T23:59:59"),
            ("0001-01-01", "0001-01-01T00:00:00"),
            ("9999-12-31T23:59:59", "9999-12-31T23:59:59"),
            ("1999-12-31T23:59:59", "1999-12-31T23:59:59"),
            ("1970-01-01", "1970-01-01T00:00:00"),
            ("2024-02-29", "2024-02-29T00:00:00"),
            ("2000-02-29", "2000-02-29T00:00:00"),
            ("2400-02-29T12:30:45", "2400-02-29T12:30:45"),
        ])
    func aDateWithOrWithoutATimeIsRead(text: String, written: String) {
        #expect(Timestamp(text)?.text == written)
    }

    @Test("A date without a time is midnight")
    func aDateAloneIsItsMidnight() {
        #expect(Timestamp("2026-12-01") == Timestamp("2026-12-01T00:00:00"))
        #expect(Timestamp("2000-01-01")?.microsecondsSince2000 == 0)
        #expect(Timestamp("2000-01-02T00:00:01")?.microsecondsSince2000 == 86_401_000_000)
        #expect(Timestamp("1999-12-31T23:59:59")?.microsecondsSince2000 == -1_000_000)
    }

    @Test(
        "A zone is refused",
        arguments: [
            "2026-11-23T07:00:00Z", "2026-11-23T07:00:00z", "2026-11-23T07:00:00+00:00",
            "2026-11-23T07:00:00-01:00", "2026-11-23T07:00:00+0100", "2026-11-23T07:00:00+01",
            "2026-11-23T07:00:00 UTC", "2026-11-23Z", "2026-11-23+01:00", "2026-11-23T07:00Z+1",
            "2026-11-23T07:00:0Z", "2026-11-23T0700:00Z",
        ])
    func aZoneIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "A date or time that does not exist is refused",
        arguments: [
            // Days and months that the calendar does not have.
            "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-06-31", "2026-09-31",
            "2026-11-31", "2026-02-29", "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2000-02-30",
            "0000-01-01", "0000-12-31", "2026-99-99",
            // Times that the day does not have, a leap second and the midnight that ends it among them.
            "2026-11-23T24:00:00", "2026-11-23T25:00:00", "2026-11-23T00:60:00", "2016-12-31T23:59:60",
            "2026-11-23T00:00:99",
        ])
    func whatTheCalendarDoesNotHaveIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "Any other form is refused",
        arguments: [
            "", " ", "today", "2026", "2026-11", "2026-11-2", "26-11-23", "2026-1-23", "02026-11-23",
            "2026/11/23", "2026.11.23", "20261123", "23-11-2026", "11/23/2026", "-026-11-23", "+026-11-23",
            "2026-+1-23", "2026--1-23", " 2026-11-23", "2026-11-23 ", "2026-11-23T", "2026-11-23T07",
            "2026-11-23T07:00", "2026-11-23 07:00:00", "2026-11-23t07:00:00", "2026-11-23T07.00.00",
            "2026-11-23T07:00:00.0", "2026-11-23T07:00:00.000", "2026-11-23T 7:00:00", "2026-11-23T-7:00:00",
            "2026-11-23T07:00:+1", "2026-W48-1", "2026-327", "1764000000", "infinity", "-infinity",
            "2026-11-23T07:00:00\u{0}", "2026-11-2\u{0}", "2026-11-23\n",
            // Other digits, some of which make the length in bytes right.
            "２０２６-11-23", "٢٠٢٦-١١-٢٣", "é026-11-3", "2026-11-23T07:00:é", "2026\u{2010}11-2",
        ])
    func anotherFormIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("Every month has the days that Foundation gives it")
    func everyMonthHasTheDaysThatFoundationGivesIt() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var wrong: [String] = []
        for year in [
            1600, 1700, 1800, 1900, 1999, 2000, 2001, 2004, 2023, 2024, 2026, 2028, 2100, 2400, 9999,
        ] {
            for month in 1...12 {
                let first = calendar.date(from: DateComponents(year: year, month: month, day: 1))!
                let days = calendar.range(of: .day, in: .month, for: first)!.count
                for day in 1...31 {
                    let text = String(
                        "\(year)-" + (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)")
                    if (Timestamp(text) != nil) != (day <= days) { wrong.append(text) }
                }
            }
        }
        #expect(wrong == [])
    }

    @Test("Every second of a day is parsed")
    func everySecondOfADayIsRead() {
        var wrong: [String] = []
        for second in 0..<86_400 {
            let text = Timestamp(microsecondsSince2000: Int64(second) * 1_000_000).text
            if Timestamp(text)?.microsecondsSince2000 != Int64(second) * 1_000_000 { wrong.append(text) }
        }
        #expect(wrong.prefix(3) == [])
    }

    @Test("Random times are parsed as Foundation parses them")
    func manyMomentsAreReadAsFoundationReadsThem() throws {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        var generator = SplitMix(seed: 11)
        var wrong: [String] = []
        for _ in 0..<5000 {
            let date = Date(
                timeIntervalSince1970: Double(
                    Int64.random(in: -11_676_096_000..<253_402_300_800, using: &generator)))
            let text = String(date.formatted(style).dropLast())
            let seconds = Timestamp(text).map { Double($0.microsecondsSince2000 / 1_000_000 + 946_684_800) }
            if seconds != date.timeIntervalSince1970 { wrong.append(text) }
        }
        #expect(wrong.prefix(3) == [])
    }
}
