/// An exact amount, kept digit for digit as it came: `9.90` stays `9.90`. It never passes through binary
/// floating point.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The digits, matching `(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?`.
    package let digits: String

    /// - Returns: `nil` if the text is not such an amount.
    package init?(_ text: String) {
        var parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)[...]
        guard let whole = parts.popFirst(), (1...15).contains(whole.count), Self.areDigits(whole),
            whole.count == 1 || whole.first != UInt8(ascii: "0")
        else { return nil }
        if let fraction = parts.popFirst() {
            guard (1...4).contains(fraction.count), Self.areDigits(fraction), parts.isEmpty else {
                return nil
            }
        }
        digits = text
    }

    package var description: String { digits }

    private static func areDigits(_ bytes: Substring.UTF8View) -> Bool {
        bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
