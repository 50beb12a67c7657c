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
        append(
            quoted: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), isName: true)
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
        if text.utf8.withContiguousStorageIfAvailable({ string(utf8: $0) }) == nil {
            Array(text.utf8).withUnsafeBufferPointer { string(utf8: $0) }
        }
    }

    /// Writes a string that is given as its bytes in UTF-8.
    @inlinable public mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        let needsEscapes = text.contains {
            $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        // Nearly all texts need none.
        guard needsEscapes else { return append(quoted: text, isName: false) }
        separate()
        append("\"")
        for byte in text { writeEscaped(byte) }
        append("\"")
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

    /// Appends a text that needs no escapes, in quotes: a value, or a name with its colon. The array makes room for all
    /// of it at once, since a list has a thousand of these.
    @inlinable mutating func append(quoted text: UnsafeBufferPointer<UInt8>, isName: Bool) {
        let needsComma = needsComma
        bytes.append(addingCapacity: text.count + 4) { span in
            span.withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                var next = start + count
                func write(_ character: Unicode.Scalar) {
                    next.initialize(to: UInt8(ascii: character))
                    next += 1
                }
                if needsComma { write(",") }
                write("\"")
                if let first = text.baseAddress { next.initialize(from: first, count: text.count) }
                next += text.count
                write("\"")
                if isName { write(":") }
                count = next - start
            }
        }
        self.needsComma = !isName
    }
}
