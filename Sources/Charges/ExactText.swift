import Glibc

/// A text that is compared and ordered by its UTF-8 bytes.
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

    /// The number of Unicode scalars in the text, which is its length in the contract.
    package var scalarCount: Int { string.unicodeScalars.count }

    /// Whether the text has at most this number of Unicode scalars.
    package func hasScalars(upTo maximum: Int) -> Bool {
        // No scalar is shorter than a byte.
        string.utf8.count <= maximum || scalarCount <= maximum
    }

    /// Whether the text holds U+0000, which PostgreSQL cannot store in a text.
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

    /// A negative number, 0 or a positive one, as the left comes before, with or after the right.
    private static func order(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int
    {
        guard let one = left.baseAddress, let other = right.baseAddress else {
            return left.count - right.count
        }
        let common = Int(memcmp(one, other, min(left.count, right.count)))
        return common == 0 ? left.count - right.count : common
    }

    package func hash(into hasher: inout Hasher) {
        // Hashing byte by byte costs ten times as much.
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }

    /// Calls the body with the text's bytes as one buffer. Native Swift strings are contiguous; others are copied.
    private func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        string.utf8.withContiguousStorageIfAvailable(body) ?? Array(string.utf8).withUnsafeBufferPointer(body)
    }
}
