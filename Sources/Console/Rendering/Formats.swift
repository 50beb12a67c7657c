import Charges

/// Values as people read them.
enum Format {
    /// A time in UTC, to the second: `2026-11-30 08:15:00 UTC`.
    static func time(_ time: Timestamp?) -> String {
        guard let time else { return "" }
        return String(time.text.prefix(19)).replacing("T", with: " ") + " UTC"
    }

    /// A date as it was given.
    static func date(_ time: Timestamp) -> String { String(time.text.prefix(10)) }

    /// The time from one moment to another, in its largest unit: `3 d`, `5 h`, `12 min`, with a no-break space.
    static func age(from begin: Timestamp, to end: Timestamp) -> String {
        let seconds = max(0, end.secondsSince1970 - begin.secondsSince1970)
        return switch seconds {
        case ..<3600: "\(seconds / 60)\u{A0}min"
        case ..<172_800: "\(seconds / 3600)\u{A0}h"
        default: "\(seconds / 86_400)\u{A0}d"
        }
    }

    /// A number with spaces between its thousands, as in ISO 80000-1.
    static func count(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// A code of the API as words: `BAD_REQUEST` is `bad request`.
    static func words(_ code: String) -> String { code.lowercased().replacing("_", with: " ") }

    /// A class of rows as who compares a file sees it: what the API calls "there" is their file.
    static func words(_ reconciliationClass: ReconciliationClass) -> String {
        switch reconciliationClass {
        case .duplicateThere: "several times in your file"
        case .onlyThere: "only in your file"
        case .onlyHere: "only here, not in your file"
        default: words(reconciliationClass.rawValue)
        }
    }

    /// A code of the API as words that begin a line.
    static func title(_ code: String) -> String {
        let words = words(code)
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

/// An amount with its currency.
struct AmountView: Sendable {
    let amount: String
    let currency: String

    init(_ amount: Money, _ currency: String) {
        self.amount = amount.digits
        self.currency = currency
    }

    init(digits: String, _ currency: String) {
        amount = digits
        self.currency = currency
    }
}

/// A state in words, with the class that gives it its colour.
struct StateView: Sendable {
    let text: String
    /// `good`, `bad`, `open` or `plain`.
    let tone: String

    init(_ text: String, tone: String) {
        self.text = text
        self.tone = tone
    }

    /// The state of a login, a key or an operator.
    ///
    /// - Parameters:
    ///   - endedOn: When it ended; `nil` if it is active.
    ///   - word: How it ended: `suspended`.
    init(endedOn: Timestamp?, _ word: String) {
        if let endedOn {
            self.init("\(word) \(Format.time(endedOn))", tone: "bad")
        } else {
            self.init("active", tone: "good")
        }
    }

    init(_ status: ChargeStatus) {
        text = Format.words(status.rawValue)
        tone =
            switch status {
            case .pending: "open"
            case .approved: "good"
            case .declined, .badRequest, .rejected: "bad"
            }
    }

    init(_ decision: Decision?) {
        text = decision.map { Format.words($0.rawValue) } ?? "undecided"
        tone =
            switch decision {
            case .accepted: "good"
            case .declined: "bad"
            case nil: "open"
            }
    }
}
