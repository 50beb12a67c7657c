/// The three capital letters of a currency, as in ISO 4217.
package enum CurrencyCode {
    /// Whether the text has the form of one.
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
