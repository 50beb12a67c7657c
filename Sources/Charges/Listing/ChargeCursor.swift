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
        text = Hexadecimal.text(bytes)
    }

    /// Reads a cursor back.
    ///
    /// - Returns: `nil` if this is no cursor of this list.
    package static func place(in text: String, operatorCode: String, filter: ChargeListFilter) -> ChargePlace?
    {
        guard (34...2 * (16 + DecisionItem.maximumScalars)).contains(text.utf8.count),
            let bytes = Hexadecimal.bytes(text)
        else { return nil }
        let microseconds = bytes[..<8].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        let place = ChargePlace(
            receivedOn: Timestamp(microsecondsSince2000: Int64(bitPattern: microseconds)),
            number: ExactText(String(decoding: bytes[8..<(bytes.count - 8)], as: UTF8.self)))
        guard !place.number.containsNul else { return nil }
        let canonical = ChargeCursor(place, operatorCode: operatorCode, filter: filter).text
        return canonical.utf8.elementsEqual(text.utf8) ? place : nil
    }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    /// FNV-1a, 64 bits wide: any one byte that differs makes it differ.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
