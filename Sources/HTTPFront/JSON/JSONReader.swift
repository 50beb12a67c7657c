import Charges

/// Reads JSON (RFC 8259) to the letter: strict UTF-8, no lone surrogates, no duplicate names, numbers kept as
/// they are written.
///
/// Foundation's decoder takes the last of two members of the same name and passes numbers through binary floating
/// point; neither may happen to decisions and money.
package struct JSONReader {
    /// How deep values may stand within values.
    package static let maximumDepth = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0
    /// Where we are, for the message about a duplicate.
    private var path: [JSONPathElement] = []

    /// Reads one value that fills the bytes.
    package static func read(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSONValue {
        func read(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONError> {
            var reader = JSONReader(bytes: buffer)
            do throws(JSONError) {
                return .success(try reader.document())
            } catch {
                return .failure(error)
            }
        }
        let result =
            bytes.withContiguousStorageIfAvailable(read) ?? Array(bytes).withUnsafeBufferPointer(read)
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        skipSpace()
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw unexpected("something after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard offset < bytes.count else { throw unexpected("the end") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw unexpected("an unexpected character")
        }
    }

    private mutating func nested(_ body: (inout JSONReader) throws(JSONError) -> JSONValue) throws(JSONError)
        -> JSONValue
    {
        guard depth < Self.maximumDepth else { throw .tooDeep(offset: offset) }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names: Set<ExactText> = []
        offset += 1
        skipSpace()
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard peek("\"") else { throw unexpected("no name of a member") }
            let name = try string()
            path.append(.name(name))
            guard names.insert(ExactText(name)).inserted else { throw .duplicateKey(path: path.text) }
            skipSpace()
            guard take(":") else { throw unexpected("no colon") }
            skipSpace()
            members.append(JSONValue.Member(name, try value()))
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("no end of an object") }
        return .object(members)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var values: [JSONValue] = []
        offset += 1
        skipSpace()
        if take("]") { return .array([]) }
        repeat {
            skipSpace()
            path.append(.index(values.count))
            values.append(try value())
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("no end of an array") }
        return .array(values)
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let matches = text.withUTF8Buffer { literal in
            bytes.count - offset >= literal.count
                && bytes[offset..<(offset + literal.count)].elementsEqual(literal)
        }
        guard matches else { throw unexpected("an unexpected character") }
        offset += text.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = offset
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            offset += 1
        }
        guard offset > start else { throw unexpected("no digit") }
    }

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let text = try text(bytes[start..<offset], at: start)
                offset += 1
                return text
            case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
            case 0x00..<0x20: throw unexpected("a control character")
            default: offset += 1
            }
        }
        throw unexpected("no end of a string")
    }

    /// The rest of a string from its first escape on; what came before it begins at `start`.
    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let text = try text(unescaped, at: start)
                offset += 1
                return text
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0x00..<0x20: throw unexpected("a control character")
            default:
                unescaped.append(byte)
                offset += 1
            }
        }
        throw unexpected("no end of a string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        offset += 1
        guard offset < bytes.count else { throw unexpected("no end of a string") }
        let escaped = bytes[offset]
        offset += 1
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeEscape()).utf8)
        default:
            offset -= 1
            throw unexpected("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Character {
        let start = offset
        let first = try hexadecimal()
        var value = first
        if (0xD800..<0xDC00).contains(first), take("\\"), take("u") {
            let second = try hexadecimal()
            if (0xDC00..<0xE000).contains(second) {
                value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            }
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw .unexpected("half of a surrogate pair", offset: start)
        }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue,
                bytes[offset] < 0x80
            else { throw unexpected("no hexadecimal digit") }
            value = value << 4 + UInt32(digit)
            offset += 1
        }
        return value
    }

    private func text(_ bytes: some Collection<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unexpected("text that is not UTF-8", offset: start)
        }
        return text
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private func peek(_ character: Unicode.Scalar) -> Bool {
        offset < bytes.count && bytes[offset] == UInt8(ascii: character)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        offset += 1
        return true
    }

    private func unexpected(_ what: String) -> JSONError { .unexpected(what, offset: offset) }
}
