import Glibc

/// Text that is what its UTF-8 bytes are.
///
/// Swift's `String` compares by canonical equivalence: to it, `é` as one scalar and as `e` with a combining
/// accent are the same. Charge numbers, customers, reference numbers and keys are told apart by their bytes,
/// as PostgreSQL tells them apart under collation "C", so they are held in this type, whose order is that of
/// the bytes as well.
package struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral
{
    /// The text itself.
    package let string: String

    package init(_ string: String) {
        self.string = string
    }

    package init(stringLiteral value: String) {
        self.init(value)
    }

    package var description: String { string }

    /// How many Unicode scalars the text has: what the contract means by length.
    package var scalarCount: Int { string.unicodeScalars.count }

    /// Whether the text has no more Unicode scalars than this.
    package func hasScalars(upTo maximum: Int) -> Bool {
        // No scalar is shorter than a byte.
        string.utf8.count <= maximum || scalarCount <= maximum
    }

    /// Whether the text holds U+0000, which PostgreSQL stores in no text.
    package var containsNul: Bool { withBytes { $0.contains(0) } }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        return left.withBytes { left in
            right.withBytes { right in Self.order(left, right) == 0 }
        }
    }

    package static func < (left: ExactText, right: ExactText) -> Bool {
        left.withBytes { left in
            right.withBytes { right in Self.order(left, right) < 0 }
        }
    }

    /// Negative, 0 or positive, as the left comes before, with or after the right.
    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int
    {
        guard let one = left.baseAddress, let other = right.baseAddress else {
            return left.count - right.count
        }
        let common = Int(memcmp(one, other, min(left.count, right.count)))
        return common == 0 ? left.count - right.count : common
    }

    package func hash(into hasher: inout Hasher) {
        // All at once: byte by byte costs ten times as much.
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }

    /// The text's bytes in one piece; the strings of this platform always are.
    private func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        string.utf8.withContiguousStorageIfAvailable(body) ?? Array(string.utf8).withUnsafeBufferPointer(body)
    }
}
