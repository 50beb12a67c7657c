/// A type that array columns have as element; also `UInt8`, whose array is a `bytea`.
public protocol PostgresArrayElement {
    /// Reads an array of this type.
    ///
    /// - Parameters:
    ///   - bytes: The value in PostgreSQL's binary format.
    ///   - oid: The column's type.
    /// - Returns: `nil` if the value cannot be read as an array of this type.
    static func decodeArray(_ bytes: UnsafeRawBufferPointer, oid: UInt32) -> [Self]?
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// Reads `bytea`, or a one-dimensional array.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> [Element]? {
        bytes.flatMap { Element.decodeArray($0, oid: oid) }
    }
}

extension UInt8: PostgresArrayElement {
    /// Reads `bytea`.
    public static func decodeArray(_ bytes: UnsafeRawBufferPointer, oid: UInt32) -> [UInt8]? {
        oid == 17 ? Array(bytes) : nil
    }
}

extension PostgresArrayElement where Self: PostgresDecodable {
    /// Reads a one-dimensional array, whose element type the value itself names.
    public static func decodeArray(_ bytes: UnsafeRawBufferPointer, oid: UInt32) -> [Self]? {
        var reader = ArrayReader(bytes)
        guard let dimensions = reader.nextInteger(), reader.nextInteger() != nil,
            let elementOID = reader.nextInteger()
        else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = reader.nextInteger(), reader.nextInteger() != nil else {
            return nil
        }
        var values: [Self] = []
        values.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let value = reader.nextValue(),
                let element = Self.decode(value.bytes, oid: UInt32(bitPattern: elementOID))
            else { return nil }
            values.append(element)
        }
        return values
    }
}

extension Bool: PostgresArrayElement {}
extension Int32: PostgresArrayElement {}
extension Int64: PostgresArrayElement {}
extension String: PostgresArrayElement {}
extension PostgresUUID: PostgresArrayElement {}
extension Optional: PostgresArrayElement where Wrapped: PostgresDecodable & PostgresArrayElement {}

/// A reader of an array's bytes.
private struct ArrayReader {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) {
        rest = bytes[...]
    }

    mutating func nextInteger() -> Int32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return integer(UnsafeRawBufferPointer(rebasing: rest.prefix(4)))
    }

    /// The next value, whose bytes are `nil` for NULL; `nil` if the array ends too early.
    mutating func nextValue() -> (bytes: UnsafeRawBufferPointer?, Void)? {
        guard let length = nextInteger() else { return nil }
        if length < 0 { return (nil, ()) }
        guard rest.count >= Int(length) else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return (UnsafeRawBufferPointer(rebasing: rest.prefix(Int(length))), ())
    }
}
