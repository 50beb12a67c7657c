/// An exact sum of amounts. It has as many decimals as the amount that has most: 9.90 and 1.5 make 11.40.
package struct ExactSum: Hashable, Sendable, CustomStringConvertible {
    /// The sum in ten-thousandths.
    private var tenThousandths: Int128 = 0
    private var decimals = 0

    package init() {}

    /// Adds an amount.
    package mutating func add(_ amount: Money) {
        var value: Int128 = 0
        var fraction: Int?
        for byte in amount.digits.utf8 {
            if byte == UInt8(ascii: ".") {
                fraction = 0
            } else {
                value = value * 10 + Int128(byte - UInt8(ascii: "0"))
                fraction = fraction.map { $0 + 1 }
            }
        }
        for _ in (fraction ?? 0)..<Self.mostDecimals { value *= 10 }
        tenThousandths += value
        decimals = max(decimals, fraction ?? 0)
    }

    /// The sum's digits.
    package var description: String {
        var digits = String(tenThousandths)
        digits = String(repeating: "0", count: max(0, Self.mostDecimals + 1 - digits.utf8.count)) + digits
        let whole = digits.dropLast(Self.mostDecimals)
        guard decimals > 0 else { return String(whole) }
        return "\(whole).\(digits.suffix(Self.mostDecimals).prefix(decimals))"
    }

    private static let mostDecimals = 4
}
