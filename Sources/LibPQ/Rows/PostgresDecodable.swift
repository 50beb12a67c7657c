/// A Swift type that a column's binary value can be read as.
public protocol PostgresDecodable {
    /// - Parameters:
    ///   - bytes: The value in PostgreSQL's binary format; `nil` for NULL.
    ///   - oid: The column's type.
    /// - Returns: `nil` if the value cannot be read as this type.
    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Self?
}

extension Bool: PostgresDecodable {
    /// From `bool`.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Bool? {
        guard oid == 16, let bytes, bytes.count == 1 else { return nil }
        return bytes[0] != 0
    }
}

extension Int16: PostgresDecodable {
    /// From `int2`.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int16? {
        oid == 21 ? integer(bytes) : nil
    }
}

extension Int32: PostgresDecodable {
    /// From `int4` or `int2`; from `date`, in days since 2000-01-01.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int32? {
        switch oid {
        case 23, 1082: integer(bytes)
        case 21: integer(bytes, Int16.self).map(Int32.init)
        default: nil
        }
    }
}

extension Int64: PostgresDecodable {
    /// From `int8`, `int4` or `int2`; from `timestamptz` or `timestamp`, in microseconds since 2000-01-01.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int64? {
        switch oid {
        case 20, 1184, 1114: integer(bytes)
        case 23: integer(bytes, Int32.self).map(Int64.init)
        case 21: integer(bytes, Int16.self).map(Int64.init)
        default: nil
        }
    }
}

extension Double: PostgresDecodable {
    /// From `float8`.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Double? {
        oid == 701 ? integer(bytes, UInt64.self).map(Double.init(bitPattern:)) : nil
    }
}

extension String: PostgresDecodable {
    /// From `text`, `varchar`, `char(n)`, `name`, `json` or an unknown literal. Exact numbers are cast to text
    /// in SQL.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> String? {
        switch oid {
        case 25, 1043, 1042, 19, 114, 705: bytes.map { String(decoding: $0, as: UTF8.self) }
        default: nil
        }
    }
}

extension PostgresUUID: PostgresDecodable {
    /// From `uuid`.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> PostgresUUID? {
        oid == 2950 ? bytes.flatMap(PostgresUUID.init) : nil
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// NULL is `nil`.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Wrapped?? {
        guard let bytes else { return .some(nil) }
        return Wrapped.decode(bytes, oid: oid).map(Optional.some)
    }
}

/// A big-endian integer of exactly this width.
func integer<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer?, _: Value.Type = Value.self) -> Value?
{
    guard let bytes, bytes.count == MemoryLayout<Value>.size else { return nil }
    return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
}
