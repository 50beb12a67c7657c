/// A writer of JSON in UTF-8, without spaces. It inserts the commas itself.
public struct JSONWriter {
    /// The bytes written so far. They are an array, since appending a few bytes to a `ByteBuffer` costs several times
    /// as much.
    public var bytes: [UInt8] = []
    @usableFromInline var needsComma = false
    @usableFromInline static let hexadecimalDigits = Array("0123456789abcdef".utf8)

    /// - Parameter capacity: The expected number of bytes.
    @inlinable public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// The bytes written so far, as text.
    @inlinable public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins an object.
    @inlinable public mutating func beginObject() { open("{") }

    /// Ends the object that began last.
    @inlinable public mutating func endObject() { close("}") }

    /// Begins an array.
    @inlinable public mutating func beginArray() { open("[") }

    /// Ends the array that began last.
    @inlinable public mutating func endArray() { close("]") }

    /// Writes the name of the next member. The name must need no escapes.
    @inlinable public mutating func name(_ name: StaticString) {
        separate()
        append("\"")
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        append("\"")
        append(":")
        needsComma = false
    }

    /// Writes the name of the next member, with escapes where they are needed.
    @inlinable public mutating func name(string name: String) {
        string(name)
        append(":")
        needsComma = false
    }

    /// Writes null.
    @inlinable public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a boolean.
    @inlinable public mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// - Parameter digits: The number in JSON's form.
    @inlinable public mutating func number(_ digits: String) {
        separate()
        bytes.append(contentsOf: digits.utf8)
    }

    /// Writes a string, or `null` for `nil`.
    @inlinable public mutating func string(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    /// Writes a string, with the escapes that RFC 8259, section 7, demands and no others.
    @inlinable public mutating func string(_ text: String) {
        separate()
        append("\"")
        let isWritten = text.utf8.withContiguousStorageIfAvailable { writePlainly($0) } ?? false
        if !isWritten { for byte in text.utf8 { writeEscaped(byte) } }
        append("\"")
    }

    /// Writes a text at once if it needs no escapes, as is true of nearly all texts.
    ///
    /// - Returns: Whether the text was written.
    @inlinable mutating func writePlainly(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in text where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            return false
        }
        bytes.append(contentsOf: text)
        return true
    }

    /// Appends JSON that is written already.
    @inlinable public mutating func written(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    @inlinable mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0x00..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.hexadecimalDigits[Int(byte >> 4)])
            bytes.append(Self.hexadecimalDigits[Int(byte & 15)])
        default: bytes.append(byte)
        }
    }

    @inlinable mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        append(bracket)
        needsComma = false
    }

    @inlinable mutating func close(_ bracket: Unicode.Scalar) {
        append(bracket)
        needsComma = true
    }

    @inlinable mutating func separate() {
        if needsComma { append(",") }
        needsComma = true
    }

    @inlinable mutating func append(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
    }
}
