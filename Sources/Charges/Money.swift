/// An exact amount that keeps its digits: `9.90` stays `9.90`. It never passes through binary floating point.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The digits, matching `(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?`.
    package let digits: String

    /// Reads an amount.
    ///
    /// - Returns: `nil` if the text does not match.
    package init?(_ text: String) {
        var wholeCount = 0
        // The number of digits after the point; `nil` before the point.
        var fractionCount: Int?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if let count = fractionCount { fractionCount = count + 1 } else { wholeCount += 1 }
            case UInt8(ascii: ".") where fractionCount == nil: fractionCount = 0
            default: return nil
            }
        }
        guard (1...15).contains(wholeCount), (1...4).contains(fractionCount ?? 1),
            wholeCount == 1 || text.utf8.first != UInt8(ascii: "0")
        else { return nil }
        digits = text
    }

    package var description: String { digits }
}

/// The rule for currency codes: three capital letters, as in ISO 4217.
package enum CurrencyCode {
    /// Whether the text has the form of a currency code.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
