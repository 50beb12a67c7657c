/// A moment by the database's clock, in microseconds since 2000-01-01 00:00:00 UTC: PostgreSQL's own scale
/// (its `timestamptz`, manual chapter 8.5).
package struct Timestamp: Hashable, Comparable, Sendable {
    package let microsecondsSince2000: Int64

    package init(microsecondsSince2000: Int64) {
        self.microsecondsSince2000 = microsecondsSince2000
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }

    /// The moment as the API writes it: `2026-11-23T07:00:00`, UTC, no zone, whole seconds.
    package var text: String {
        let seconds = microsecondsSince2000.flooredDivision(by: 1_000_000)
        let days = seconds.flooredDivision(by: 86_400)
        let time = seconds - days * 86_400
        let (year, month, day) = Self.civil(daysSince2000: days)
        guard (0...9999).contains(year) else {
            // PostgreSQL has such years; the API does not.
            let digits = String(year)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
            return zeros + digits + Self.text(year: 0, month, day, time).dropFirst(4)
        }
        return Self.text(year: year, month, day, time)
    }

    /// Writes the digits in place: a list has a hundred of these.
    private static func text(year: Int64, _ month: Int64, _ day: Int64, _ secondsOfDay: Int64) -> String {
        String(unsafeUninitializedCapacity: 19) { text in
            func writePair(_ value: Int64, at place: Int, then separator: Unicode.Scalar? = nil) {
                text[place] = UInt8(ascii: "0") + UInt8(value / 10)
                text[place + 1] = UInt8(ascii: "0") + UInt8(value % 10)
                if let separator { text[place + 2] = UInt8(ascii: separator) }
            }
            writePair(year / 100, at: 0)
            writePair(year % 100, at: 2, then: "-")
            writePair(month, at: 5, then: "-")
            writePair(day, at: 8, then: "T")
            writePair(secondsOfDay / 3600, at: 11, then: ":")
            writePair(secondsOfDay / 60 % 60, at: 14, then: ":")
            writePair(secondsOfDay % 60, at: 17)
            return 19
        }
    }

    /// Days to a date of the proleptic Gregorian calendar, by 400-year eras that begin on 1 March.
    private static func civil(daysSince2000 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 730_425  // 2000-01-01 counted from 0000-03-01
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    /// The quotient rounded towards minus infinity, for moments before 2000.
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
