extension Timestamp {
    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, as UTC.
    ///
    /// - Returns: `nil` for anything else, a zone among it, and for a day or a time that the calendar does not
    ///   have.
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

    /// A date to days, by 400-year eras that begin on 1 March.
    private static func daysSince2000(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }
}
