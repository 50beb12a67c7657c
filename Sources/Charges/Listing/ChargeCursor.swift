/// A place in a list as a client holds it: opaque, and good for the list that it came from alone.
///
/// It ends with a digest of the operator's code, the filter and the place, so one that was altered, or made for
/// another list, is refused. The digest is no secret: whoever forges a cursor begins elsewhere in his own list.
package struct ChargeCursor: Equatable, Sendable {
    package let text: String

    package init(_ place: ChargePlace, operatorCode: String, filter: ChargeListFilter) {
        var bytes = Self.bigEndian(UInt64(bitPattern: place.receivedOn.microsecondsSince2000))
        bytes += place.number.string.utf8
        let list =
            "1 \(operatorCode.utf8.count) \(operatorCode) \(filter.isProcessed) "
            + (filter.decision?.rawValue ?? "ANY")
        bytes += Self.bigEndian(Self.digest(Array(list.utf8) + bytes))
        text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Reads a cursor back.
    ///
    /// - Returns: `nil` if this is no cursor of this list.
    package static func place(in text: String, operatorCode: String, filter: ChargeListFilter) -> ChargePlace?
    {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2),
            (34...2 * (16 + DecisionItem.maximumScalars)).contains(digits.count)
        else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
            else {
                return nil
            }
            bytes.append(byte)
        }
        let microseconds = bytes[..<8].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let place = ChargePlace(
            receivedOn: Timestamp(microsecondsSince2000: Int64(bitPattern: microseconds)),
            number: ExactText(String(decoding: bytes[8..<(bytes.count - 8)], as: UTF8.self)))
        guard !place.number.containsNul else { return nil }
        let canonical = ChargeCursor(place, operatorCode: operatorCode, filter: filter).text
        return canonical.utf8.elementsEqual(digits) ? place : nil
    }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    /// FNV-1a, 64 bits wide: any one byte that differs makes it differ.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
