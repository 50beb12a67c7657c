import NIOCore

/// Writes JSON piece by piece, without spaces, in UTF-8. Commas come by themselves.
package struct JSONWriter {
    private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// - Parameter buffer: What is written is appended to it.
    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// - Parameter capacity: How many bytes there will be, roughly.
    package init(capacity: Int) {
        self.init(ByteBufferAllocator().buffer(capacity: capacity))
    }

    /// What has been written.
    package var text: String { String(buffer: buffer) }

    package mutating func beginObject() { open("{") }

    package mutating func endObject() { close("}") }

    package mutating func beginArray() { open("[") }

    package mutating func endArray() { close("]") }

    /// The name of the member whose value comes next.
    package mutating func name(_ name: String) {
        text(name)
        buffer.writeStaticString(":")
        needsComma = false
    }

    package mutating func null() { literal("null") }

    package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    /// - Parameter digits: The number as JSON writes it.
    package mutating func number(_ digits: String) {
        separate()
        buffer.writeString(digits)
    }

    /// `null` if there is none.
    package mutating func text(_ text: String?) {
        if let text { self.text(text) } else { null() }
    }

    /// Escapes what must be escaped (RFC 8259, section 7) and nothing else.
    package mutating func text(_ text: String) {
        let isWritten = text.utf8.withContiguousStorageIfAvailable { writePlainly($0) } ?? false
        guard !isWritten else { return }
        separate()
        buffer.writeStaticString("\"")
        for byte in text.utf8 { writeEscaped(byte) }
        buffer.writeStaticString("\"")
    }

    /// Writes a text in which nothing needs an escape, as nearly all are, in one go.
    ///
    /// - Returns: Whether it is one.
    private mutating func writePlainly(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in text where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            return false
        }
        let needsComma = needsComma
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: text.count + 3) { space in
            var end = 0
            if needsComma {
                space[0] = UInt8(ascii: ",")
                end = 1
            }
            space[end] = UInt8(ascii: "\"")
            UnsafeMutableRawBufferPointer(rebasing: space[(end + 1)...])
                .copyMemory(from: UnsafeRawBufferPointer(text))
            end += text.count + 1
            space[end] = UInt8(ascii: "\"")
            return end + 1
        }
        self.needsComma = true
        return true
    }

    /// JSON that is written already.
    mutating func written(_ json: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(json)
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        case 0x00..<0x20:
            let digits = String(byte, radix: 16)
            buffer.writeString("\\u00" + (digits.utf8.count == 1 ? "0" : "") + digits)
        default: buffer.writeInteger(byte)
        }
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        buffer.writeStaticString(text)
    }

    private mutating func open(_ bracket: StaticString) {
        separate()
        buffer.writeStaticString(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: StaticString) {
        buffer.writeStaticString(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeStaticString(",") }
        needsComma = true
    }
}
