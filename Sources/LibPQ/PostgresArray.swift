/// A type that arrays of PostgreSQL have as element; also `UInt8`, whose array is a `bytea`.
public protocol PostgresArrayElement: SendableMetatype {
    /// The PostgreSQL type of an array of this type.
    static var postgresArrayType: PostgresType { get }

    /// Appends an array in PostgreSQL's binary format.
    ///
    /// - Throws: `PostgresEncodingError` for a value that PostgreSQL cannot store.
    static func encodeArray(_ values: [Self], into bytes: inout [UInt8]) throws(PostgresEncodingError)

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

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    /// The elements' array type.
    @inlinable public static var postgresType: PostgresType { Element.postgresArrayType }

    /// Appends a `bytea`, or a one-dimensional array.
    @inlinable
    public func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        try Element.encodeArray(self, into: &bytes)
    }
}

extension UInt8: PostgresArrayElement {
    /// The type `bytea`.
    public static var postgresArrayType: PostgresType { .bytea }

    /// Appends a `bytea`.
    public static func encodeArray(_ values: [UInt8], into bytes: inout [UInt8]) {
        bytes.append(contentsOf: values)
    }

    /// Reads `bytea`.
    public static func decodeArray(_ bytes: UnsafeRawBufferPointer, oid: UInt32) -> [UInt8]? {
        oid == 17 ? Array(bytes) : nil
    }
}

extension PostgresArrayElement where Self: PostgresEncodable {
    /// The type of the arrays of this type's own PostgreSQL type.
    @inlinable public static var postgresArrayType: PostgresType { postgresType.array }

    /// Appends a one-dimensional array: the number of dimensions, whether there are NULLs, the elements' type, and for
    /// the one dimension its length and first index; then each element's length, -1 for NULL, and its bytes.
    @inlinable
    public static func encodeArray(_ values: [Self], into bytes: inout [UInt8])
        throws(PostgresEncodingError)
    {
        bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(values.contains { $0.isNull } ? 1 : 0))
        bytes.append(bigEndian: postgresType.oid)
        if values.isEmpty { return }
        bytes.append(bigEndian: Int32(values.count))
        bytes.append(bigEndian: Int32(1))
        for value in values {
            guard !value.isNull else {
                bytes.append(bigEndian: Int32(-1))
                continue
            }
            let place = bytes.count
            bytes.append(bigEndian: Int32(0))
            try value.encode(into: &bytes)
            let length = UInt32(bytes.count - place - 4)
            for (offset, shift) in [24, 16, 8, 0].enumerated() {
                bytes[place + offset] = UInt8(truncatingIfNeeded: length >> UInt32(shift))
            }
        }
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
extension Int: PostgresArrayElement {}
extension String: PostgresArrayElement {}
extension PostgresUUID: PostgresArrayElement {}
extension Optional: PostgresArrayElement where Wrapped: PostgresCodable & PostgresArrayElement {}

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
