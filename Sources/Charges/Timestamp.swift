/// A time by the database's clock, in microseconds since 2000-01-01 00:00:00 UTC. This is the scale of PostgreSQL's
/// `timestamptz` (manual, chapter 8.5).
package struct Timestamp: Hashable, Comparable, Sendable {
    package let microsecondsSince2000: Int64

    package init(microsecondsSince2000: Int64) {
        self.microsecondsSince2000 = microsecondsSince2000
    }

    /// Whether the time is finite and in PostgreSQL's range, 4714-11-24 BC to 294276 AD (manual, chapter 8.5).
    package var isStorable: Bool {
        (-211_813_488_000_000_000..<9_223_371_331_200_000_000).contains(microsecondsSince2000)
    }

    /// A time in whole seconds since 1970-01-01 00:00:00 UTC, as tokens have it.
    package init(secondsSince1970 seconds: Int64) {
        self.init(microsecondsSince2000: (seconds - Self.secondsFrom1970To2000) * 1_000_000)
    }

    /// The whole seconds since 1970-01-01 00:00:00 UTC, rounded down.
    package var secondsSince1970: Int64 {
        microsecondsSince2000.flooredDivision(by: 1_000_000) + Self.secondsFrom1970To2000
    }

    private static let secondsFrom1970To2000: Int64 = 946_684_800

    /// The time after a duration, to the microsecond.
    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            microsecondsSince2000: microsecondsSince2000 + seconds * 1_000_000
                + attoseconds / 1_000_000_000_000)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }

    /// The time as the API writes it: `2026-11-23T07:00:00`, in UTC, without a zone, in whole seconds.
    package var text: String {
        var text = ""
        withText { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    /// Calls the body with the bytes of `text`. They are on the stack, since a list writes a hundred of these.
    package func withText(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let seconds = microsecondsSince2000.flooredDivision(by: 1_000_000)
        let days = seconds.flooredDivision(by: 86_400)
        let time = seconds - days * 86_400
        let (year, month, day) = Self.civil(daysSince2000: days)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 19) { text in
            guard (0...9999).contains(year) else {
                // PostgreSQL has such years; the API does not.
                let digits = String(year)
                let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
                Self.write(year: 0, month, day, time, to: text)
                return (Array((zeros + digits).utf8) + text.dropFirst(4)).withUnsafeBufferPointer(body)
            }
            Self.write(year: year, month, day, time, to: text)
            body(UnsafeBufferPointer(text))
        }
    }

    /// Writes a date and a time of day, in 19 bytes.
    private static func write(
        year: Int64, _ month: Int64, _ day: Int64, _ secondsOfDay: Int64,
        to text: UnsafeMutableBufferPointer<UInt8>
    ) {
        func writePair(_ value: Int64, at place: Int, then separator: Unicode.Scalar? = nil) {
            text.initializeElement(at: place, to: UInt8(ascii: "0") + UInt8(value / 10))
            text.initializeElement(at: place + 1, to: UInt8(ascii: "0") + UInt8(value % 10))
            if let separator { text.initializeElement(at: place + 2, to: UInt8(ascii: separator)) }
        }
        writePair(year / 100, at: 0)
        writePair(year % 100, at: 2, then: "-")
        writePair(month, at: 5, then: "-")
        writePair(day, at: 8, then: "T")
        writePair(secondsOfDay / 3600, at: 11, then: ":")
        writePair(secondsOfDay / 60 % 60, at: 14, then: ":")
        writePair(secondsOfDay % 60, at: 17)
    }

    /// The date of a day in the proleptic Gregorian calendar, computed by 400-year eras that begin on 1 March.
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
    /// The quotient rounded towards minus infinity, for times before 2000.
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Timestamp {
    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, as UTC.
    ///
    /// - Returns: `nil` for anything else, such as a text with a zone, and for a day or a time that does not exist.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 19 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        func stands(_ character: Unicode.Scalar, at place: Int) -> Bool {
            bytes[place] == UInt8(ascii: character)
        }
        guard stands("-", at: 4), stands("-", at: 7), let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), (1...9999).contains(year), (1...12).contains(month),
            (1...Self.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        var seconds: Int64 = 0
        if bytes.count == 19 {
            guard stands("T", at: 10), stands(":", at: 13), stands(":", at: 16), let hour = number(11..<13),
                let minute = number(14..<16), let second = number(17..<19), hour < 24, minute < 60,
                second < 60
            else { return nil }
            seconds = hour * 3600 + minute * 60 + second
        }
        let days = Self.daysSince2000(year: year, month: month, day: day)
        self.init(microsecondsSince2000: (days * 86_400 + seconds) * 1_000_000)
    }

    private static func daysInMonth(_ month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of days from 2000-01-01 to a date, computed by 400-year eras that begin on 1 March.
    private static func daysSince2000(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }
}
