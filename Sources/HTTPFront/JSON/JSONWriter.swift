import NIOCore

/// Writes JSON piece by piece, without spaces, in UTF-8. Commas come by themselves.
struct JSONWriter {
    private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// - Parameter buffer: What is written is appended to it.
    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// - Parameter capacity: How many bytes there will be, roughly.
    init(capacity: Int) {
        self.init(ByteBufferAllocator().buffer(capacity: capacity))
    }

    mutating func beginObject() { open("{") }

    mutating func endObject() { close("}") }

    mutating func beginArray() { open("[") }

    mutating func endArray() { close("]") }

    /// The name of the member whose value comes next.
    mutating func name(_ name: String) {
        text(name)
        buffer.writeStaticString(":")
        needsComma = false
    }

    /// - Parameter name: One in which nothing needs an escape.
    mutating func name(_ name: StaticString) {
        separate()
        buffer.writeStaticString("\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    mutating func null() { literal("null") }

    mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    /// - Parameter digits: The number as JSON writes it.
    mutating func number(_ digits: String) {
        separate()
        buffer.writeString(digits)
    }

    /// `null` if there is none.
    mutating func text(_ text: String?) {
        if let text { self.text(text) } else { null() }
    }

    /// Escapes what must be escaped (RFC 8259, section 7) and nothing else.
    mutating func text(_ text: String) {
        separate()
        buffer.writeStaticString("\"")
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { writeEscaped(byte) }
        } else {
            buffer.writeString(text)
        }
        buffer.writeStaticString("\"")
    }

    /// JSON that is written already.
    mutating func written(_ json: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(json)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
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
