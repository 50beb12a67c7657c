import CLibPQ

/// A reader of one row's columns, from left to right. It is valid only while a statement's `decode` runs.
public struct RowReader {
    private let result: OpaquePointer
    /// The columns' types, which are the same in all rows.
    private let types: [UInt32]
    private var row: Int32 = 0
    private var column = 0

    /// - Parameter result: A result, which outlives the reader.
    init(_ result: OpaquePointer) {
        self.result = result
        types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    }

    /// Turns to the first column of a row.
    mutating func begin(row: Int32) {
        self.row = row
        column = 0
    }

    /// A column of the row, as libpq has it.
    @usableFromInline
    struct Column {
        @usableFromInline let bytes: UnsafeRawBufferPointer?
        @usableFromInline let oid: UInt32
    }

    /// The next column's value. It is inlinable, so that it is compiled for the type that is read: a list has hundreds
    /// of these.
    ///
    /// - Throws: `PostgresError.decoding`, which names the column, if there is no such column, if it is of another
    ///   type, or if it is NULL and the type is not optional.
    @inlinable
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError)
        -> Value
    {
        let column = try nextColumn()
        guard let value = Value.decode(column.bytes, oid: column.oid) else {
            throw undecodable(column, "\(type)")
        }
        return value
    }

    @usableFromInline
    mutating func nextColumn() throws(PostgresError) -> Column {
        guard column < types.count else { throw .decoding("the row has only \(column) columns") }
        defer { column += 1 }
        let field = Int32(column)
        let count = Int(PQgetlength(result, row, field))
        // The length of NULL is 0.
        let isNull = count == 0 && PQgetisnull(result, row, field) == 1
        let bytes = isNull ? nil : UnsafeRawBufferPointer(start: PQgetvalue(result, row, field), count: count)
        return Column(bytes: bytes, oid: types[column])
    }

    /// The error for a column that cannot be read as the type.
    @usableFromInline
    func undecodable(_ value: Column, _ type: String) -> PostgresError {
        let name = PQfname(result, Int32(column - 1)).map { String(cString: $0) } ?? "\(column)"
        return .decoding(
            "column \(name) (type \(value.oid)) is \(value.bytes == nil ? "NULL" : "not a \(type)")")
    }
}

/// A Swift type that a column's binary value can be read as.
public protocol PostgresDecodable: SendableMetatype {
    /// Reads a column's value.
    ///
    /// - Parameters:
    ///   - bytes: The value in PostgreSQL's binary format; `nil` for NULL.
    ///   - oid: The column's type.
    /// - Returns: `nil` if the value cannot be read as this type.
    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Self?
}

/// A Swift type whose values can be parameters, and that columns can be read as.
public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

extension Bool: PostgresDecodable {
    /// Reads `bool`.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Bool? {
        guard oid == 16, let bytes, bytes.count == 1 else { return nil }
        return bytes[0] != 0
    }
}

extension Int16: PostgresDecodable {
    /// Reads `int2`.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int16? {
        oid == 21 ? integer(bytes) : nil
    }
}

extension Int32: PostgresDecodable {
    /// Reads `int4` or `int2`; also `date`, in days since 2000-01-01.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int32? {
        switch oid {
        case 23, 1082: integer(bytes)
        case 21: integer(bytes, Int16.self).map(Int32.init)
        default: nil
        }
    }
}

extension Int64: PostgresDecodable {
    /// Reads `int8`, `int4` or `int2`; also `timestamptz` or `timestamp`, in microseconds since 2000-01-01.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int64? {
        switch oid {
        case 20, 1184, 1114: integer(bytes)
        case 23: integer(bytes, Int32.self).map(Int64.init)
        case 21: integer(bytes, Int16.self).map(Int64.init)
        default: nil
        }
    }
}

extension Int: PostgresDecodable {
    /// Reads `int8`, `int4` or `int2`.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Int? {
        switch oid {
        case 20: integer(bytes, Int64.self).map(Int.init)
        case 23: integer(bytes, Int32.self).map(Int.init)
        case 21: integer(bytes, Int16.self).map(Int.init)
        default: nil
        }
    }
}

extension Double: PostgresDecodable {
    /// Reads `float8`.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Double? {
        oid == 701 ? integer(bytes, UInt64.self).map(Double.init(bitPattern:)) : nil
    }
}

extension String: PostgresDecodable {
    /// Reads `text`, `varchar`, `char(n)`, `name`, `json` or an unknown literal. SQL casts exact numbers to text.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> String? {
        isText(oid) ? bytes.map { String(decoding: $0, as: UTF8.self) } : nil
    }

    @inlinable
    static func isText(_ oid: UInt32) -> Bool {
        switch oid {
        case 25, 1043, 1042, 19, 114, 705: true
        default: false
        }
    }
}

extension PostgresUUID: PostgresDecodable {
    /// Reads `uuid`.
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> PostgresUUID? {
        oid == 2950 ? bytes.flatMap(PostgresUUID.init) : nil
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Reads NULL as `nil`, and every other value as the wrapped type.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Wrapped?? {
        guard let bytes else { return .some(nil) }
        return Wrapped.decode(bytes, oid: oid).map(Optional.some)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Reads the raw value. A value that the type does not have is refused.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Self? {
        RawValue.decode(bytes, oid: oid).flatMap(Self.init(rawValue:))
    }
}

extension PostgresDecodable where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// Reads the raw value by its bytes, without making a string of them. A value that the type does not have is refused.
    @inlinable
    public static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Self? {
        guard let bytes, String.isText(oid) else { return nil }
        return allCases.first { $0.rawValue.utf8.elementsEqual(bytes) }
    }
}

/// Reads a big-endian integer of exactly this width.
@inlinable
func integer<Value: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer?, _: Value.Type = Value.self) -> Value?
{
    guard let bytes, bytes.count == MemoryLayout<Value>.size else { return nil }
    return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
}
