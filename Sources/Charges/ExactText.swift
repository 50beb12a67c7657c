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

    /// Whether the text holds U+0000, which PostgreSQL stores in no text.
    package var containsNul: Bool { string.utf8.contains(0) }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.string.utf8.elementsEqual(right.string.utf8)
    }

    package static func < (left: ExactText, right: ExactText) -> Bool {
        left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in string.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
