#if canImport(Glibc)
    public import Glibc
#endif

/// A strict scanner of JSON (RFC 8259): valid UTF-8, no lone surrogates, no duplicate names. A byte order mark before the
/// value is skipped (8.1), since .NET sends one. The scanner builds no values; its caller does.
///
/// Foundation's decoder takes the last of two members of the same name, and passes numbers through binary floating
/// point. Neither may happen to decisions and money.
///
/// Its functions may be inlined into other modules: without that, a call of one charge costs a tenth more CPU. So they
/// are public: the compiler does not inline what is `package`, whatever its attributes say.
public struct JSONScanner {
    /// A checked string of the document, without its quotes and with its escapes.
    public struct RawString {
        @usableFromInline let range: Range<Int>
        @usableFromInline let hasEscapes: Bool

        @inlinable init(range: Range<Int>, hasEscapes: Bool) {
            self.range = range
            self.hasEscapes = hasEscapes
        }
    }

    /// The kind of a value, by its first byte.
    public enum Kind {
        case object
        case array
        case string
        case number
        case boolean
        case null
    }

    /// A step of the path to the current value.
    @usableFromInline enum Step {
        case name(RawString)
        case index(Int)
    }

    /// The maximum depth of nesting.
    public static let maximumDepth = 32

    /// The number of names in one object from which on they are looked up by hash.
    @usableFromInline static let maximumComparedNames = 16

    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline var offset = 0
    @usableFromInline var depth = 0
    /// The path to the current value, for the message about a duplicate.
    @usableFromInline var path: [Step] = []
    /// The names of the enclosing objects, those of an inner one after those of the outer one.
    @usableFromInline var names: [RawString] = []

    /// Scans one value that fills the bytes.
    @inlinable public static func scan<Value>(
        _ bytes: some Collection<UInt8>, _ value: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        func scan(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<Value, JSONError> {
            var scanner = JSONScanner(bytes: buffer)
            do throws(JSONError) {
                scanner.skipByteOrderMark()
                scanner.skipSpace()
                let value = try value(&scanner)
                scanner.skipSpace()
                guard scanner.offset == buffer.count else {
                    throw scanner.unexpected("unexpected content after the value")
                }
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        let result =
            bytes.withContiguousStorageIfAvailable(scan) ?? Array(bytes).withUnsafeBufferPointer(scan)
        return try result.get()
    }

    @inlinable init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    @inlinable mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The kind of the next value.
    @inlinable public func kind() throws(JSONError) -> Kind {
        guard offset < bytes.count else { throw unexpected("unexpected end") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw unexpected("unexpected character")
        }
    }

    // MARK: Values

    /// Scans an object.
    ///
    /// - Parameter member: Called with each name; it must scan the value.
    @inlinable public mutating func object(
        _ member: (inout JSONScanner, RawString) throws(JSONError) -> Void
    )
        throws(JSONError)
    {
        try enter()
        if take("}") { return leave() }
        let first = names.count
        var known: Set<[UInt8]>?
        repeat {
            skipSpace()
            guard peek("\"") else { throw unexpected("expected a member name") }
            let name = try rawString()
            path.append(.name(name))
            guard isNew(name, since: first, &known) else {
                throw .duplicateKey(path: pathText)
            }
            names.append(name)
            skipSpace()
            guard take(":") else { throw unexpected("expected a colon") }
            skipSpace()
            try member(&self, name)
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("expected a comma or the end of the object") }
        names.removeSubrange(first...)
        leave()
    }

    /// Scans an array.
    ///
    /// - Parameter element: Called with each index, from 0; it must scan the value.
    @inlinable public mutating func array(_ element: (inout JSONScanner, Int) throws(JSONError) -> Void)
        throws(JSONError)
    {
        try enter()
        if take("]") { return leave() }
        var index = 0
        repeat {
            skipSpace()
            path.append(.index(index))
            try element(&self, index)
            path.removeLast()
            index += 1
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("expected a comma or the end of the array") }
        leave()
    }

    @inlinable mutating func enter() throws(JSONError) {
        guard depth < Self.maximumDepth else { throw .tooDeep(offset: offset) }
        depth += 1
        offset += 1
        skipSpace()
    }

    @inlinable mutating func leave() { depth -= 1 }

    /// Scans null.
    @inlinable public mutating func null() throws(JSONError) { try literal("null") }

    /// Scans a boolean.
    @inlinable public mutating func boolean() throws(JSONError) -> Bool {
        let value = peek("t")
        try literal(value ? "true" : "false")
        return value
    }

    @inlinable mutating func literal(_ text: StaticString) throws(JSONError) {
        let length = text.utf8CodeUnitCount
        guard bytes.count - offset >= length,
            memcmp(bytes.baseAddress! + offset, text.utf8Start, length) == 0
        else { throw unexpected("unexpected character") }
        offset += length
    }

    /// Scans a number.
    ///
    /// - Returns: The characters of the number.
    @inlinable public mutating func number() throws(JSONError) -> String {
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

    @inlinable mutating func digits() throws(JSONError) {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            offset += 1
        }
        guard offset > start else { throw unexpected("expected a digit") }
    }

    /// Scans a value and ignores it.
    @inlinable public mutating func skip() throws(JSONError) {
        switch try kind() {
        case .object: try object { scanner, _ throws(JSONError) in try scanner.skip() }
        case .array: try array { scanner, _ throws(JSONError) in try scanner.skip() }
        case .string: _ = try rawString()
        case .number: _ = try number()
        case .boolean: _ = try boolean()
        case .null: try null()
        }
    }

    // MARK: Strings

    /// Scans a string, and leaves its escapes as they are.
    @inlinable public mutating func rawString() throws(JSONError) -> RawString {
        offset += 1
        let start = offset
        var hasEscapes = false
        var seen: UInt8 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let range = start..<offset
                // Escapes are ASCII, so the text is UTF-8 if it is with its escapes still in it.
                if seen >= 0x80, String(validating: bytes[range], as: UTF8.self) == nil {
                    throw .unexpected("invalid UTF-8", offset: start)
                }
                offset += 1
                return RawString(range: range, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                offset += 1
                _ = try escape()
            case 0x00..<0x20: throw unexpected("unescaped control character")
            default:
                seen |= byte
                offset += 1
            }
        }
        throw unexpected("unterminated string")
    }

    /// The string with its escapes resolved.
    @inlinable public func string(_ text: RawString) -> String {
        guard text.hasEscapes else { return String(decoding: bytes[text.range], as: UTF8.self) }
        var unescaped: [UInt8] = []
        unescaped.reserveCapacity(text.range.count)
        var reader = JSONScanner(bytes: bytes)
        reader.offset = text.range.lowerBound
        while reader.offset < text.range.upperBound {
            let byte = bytes[reader.offset]
            reader.offset += 1
            guard byte == UInt8(ascii: "\\") else {
                unescaped.append(byte)
                continue
            }
            // It has been read before without an error.
            guard let scalar = try? reader.escape() else { break }
            unescaped.append(contentsOf: UTF8.encode(scalar)!)
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Whether a string equals this text, by its bytes.
    @inlinable public func isEqual(_ text: RawString, _ other: StaticString) -> Bool {
        guard !text.hasEscapes else {
            return string(text).utf8.elementsEqual(
                UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
        }
        return text.range.count == other.utf8CodeUnitCount
            && memcmp(bytes.baseAddress! + text.range.lowerBound, other.utf8Start, text.range.count) == 0
    }

    /// Scans an escape after its backslash.
    @inlinable mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard offset < bytes.count else { throw unexpected("unterminated string") }
        let escaped = bytes[offset]
        offset += 1
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(escaped)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default:
            offset -= 1
            throw unexpected("invalid escape")
        }
    }

    @inlinable mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
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
            throw .unexpected("unpaired surrogate", offset: start)
        }
        return scalar
    }

    @inlinable mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue,
                bytes[offset] < 0x80
            else { throw unexpected("expected a hexadecimal digit") }
            value = value << 4 + UInt32(digit)
            offset += 1
        }
        return value
    }

    // MARK: Names

    /// Whether the current object has no such name yet. Names are compared one by one while they are few and have no
    /// escapes, otherwise by a set, so that the cost grows with the document's length alone.
    @inlinable func isNew(_ name: RawString, since first: Int, _ known: inout Set<[UInt8]>?) -> Bool {
        if known == nil, name.hasEscapes || names.count - first >= Self.maximumComparedNames {
            known = Set(names[first...].map { Array(string($0).utf8) })
        }
        if known != nil { return known!.insert(Array(string(name).utf8)).inserted }
        return !names[first...].contains { other in
            other.range.count == name.range.count
                && memcmp(
                    bytes.baseAddress! + other.range.lowerBound,
                    bytes.baseAddress! + name.range.lowerBound, name.range.count) == 0
        }
    }

    /// The path as text: `accepted_charges_set[3].number`.
    @inlinable var pathText: String {
        path.reduce(into: "") { text, step in
            switch step {
            case .name(let name): text += text.isEmpty ? string(name) : ".\(string(name))"
            case .index(let index): text += "[\(index)]"
            }
        }
    }

    // MARK: Bytes

    @inlinable mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    @inlinable func peek(_ character: Unicode.Scalar) -> Bool {
        offset < bytes.count && bytes[offset] == UInt8(ascii: character)
    }

    @inlinable mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        offset += 1
        return true
    }

    @inlinable func unexpected(_ what: String) -> JSONError { .unexpected(what, offset: offset) }
}

/// The reason why bytes are not strict JSON, as text for a person.
public enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Unexpected input at this byte, counted from 0.
    case unexpected(String, offset: Int)
    /// A duplicate name in one object.
    case duplicateKey(path: String)
    /// Nesting deeper than `maximumDepth`.
    case tooDeep(offset: Int)

    /// The error in words, with its place.
    public var description: String {
        switch self {
        case .unexpected(let what, let offset): "\(what) at byte \(offset)"
        case .duplicateKey(let path): "\(path) appears more than once"
        case .tooDeep(let offset): "nesting deeper than \(JSONScanner.maximumDepth) levels at byte \(offset)"
        }
    }
}
