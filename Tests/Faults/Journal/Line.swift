/// The text of one line: fields with a tab between them, as in PostgreSQL's COPY. `\N` is nil; a tab, a line feed and a
/// backslash within a field are `\t`, `\n` and `\\`. A group of fields that repeats has its count in front.
struct LineWriter {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func begin(_ tag: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount))
    }

    mutating func end() {
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func field(_ text: String) {
        bytes.append(UInt8(ascii: "\t"))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\t"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case UInt8(ascii: "\n"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "\\")])
            default: bytes.append(byte)
            }
        }
    }

    mutating func field(_ text: String?) {
        if let text {
            field(text)
        } else {
            bytes.append(contentsOf: [UInt8(ascii: "\t"), UInt8(ascii: "\\"), UInt8(ascii: "N")])
        }
    }

    mutating func field(_ number: some BinaryInteger) {
        field(String(number))
    }

    mutating func field(_ number: Int?) {
        field(number.map(String.init))
    }

    mutating func field(_ flag: Bool) {
        field(flag ? "yes" : "no")
    }

    /// Seconds with nine decimals.
    mutating func field(time: Nanoseconds) {
        let decimals = String(time % 1_000_000_000)
        field("\(time / 1_000_000_000).\(String(repeating: "0", count: 9 - decimals.utf8.count))\(decimals)")
    }
}

/// The fields of one line, read from the left.
struct LineReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Reads a line, which is without its line feed. The memory must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position > bytes.count }

    private mutating func next() throws(LineError) -> UnsafeBufferPointer<UInt8> {
        guard !isAtEnd else { throw LineError(reason: "a field is missing") }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\t") { position += 1 }
        defer { position += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<position])
    }

    mutating func optionalString() throws(LineError) -> String? {
        let field = try next()
        guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
        if field.elementsEqual("\\N".utf8) { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in field {
            if isEscaped {
                switch byte {
                case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
                case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
                default: text.append(byte)
                }
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    mutating func string() throws(LineError) -> String {
        guard let text = try optionalString() else {
            throw LineError(reason: "a field is \\N that must not be")
        }
        return text
    }

    mutating func optionalInt() throws(LineError) -> Int? {
        let field = try next()
        return field.elementsEqual("\\N".utf8) ? nil : try Self.number(field)
    }

    mutating func int() throws(LineError) -> Int {
        try Self.number(try next())
    }

    mutating func unsigned() throws(LineError) -> UInt64 {
        guard let number = UInt64(try string()) else { throw LineError(reason: "a field is not a number") }
        return number
    }

    mutating func bool() throws(LineError) -> Bool {
        try next().elementsEqual("yes".utf8)
    }

    mutating func time() throws(LineError) -> Nanoseconds {
        // There are always nine decimals.
        Nanoseconds(try Self.number(try next()))
    }

    mutating func value<Word: RawRepresentable<String>>(_: Word.Type) throws(LineError) -> Word {
        let text = try string()
        guard let word = Word(rawValue: text) else {
            throw LineError(reason: "'\(text)' is not a \(Word.self)")
        }
        return word
    }

    /// Reads a count and as many groups of fields.
    mutating func list<Element>(_ element: (inout LineReader) throws(LineError) -> Element)
        throws(LineError) -> [Element]
    {
        let count = try int()
        // Each group has a field at least.
        guard count >= 0, count <= bytes.count else { throw LineError(reason: "a count is wrong") }
        guard count > 0 else { return [] }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    /// The number in a field, without its decimal point.
    private static func number(_ field: UnsafeBufferPointer<UInt8>) throws(LineError) -> Int {
        var number = 0
        var isNegative = false
        for (place, byte) in field.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number &* 10 &+ Int(byte &- 48)
            case UInt8(ascii: "-") where place == 0: isNegative = true
            case UInt8(ascii: "."): break
            default: throw LineError(reason: "a field is not a number")
            }
        }
        guard !field.isEmpty else { throw LineError(reason: "a field is not a number") }
        return isNegative ? -number : number
    }
}

/// Why a line is none of the journal's.
struct LineError: Error {
    let reason: String
}
