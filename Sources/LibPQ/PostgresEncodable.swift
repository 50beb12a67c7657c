/// A Swift type whose values can be a statement's parameters.
public protocol PostgresEncodable: SendableMetatype {
    /// The PostgreSQL type that parameters of this Swift type are declared with.
    static var postgresType: PostgresType { get }
    /// Whether the value is NULL.
    var isNull: Bool { get }
    /// Appends the value in PostgreSQL's binary format (manual, chapter 55.2.3, and the `…recv` functions of its
    /// source). It is not called for NULL.
    ///
    /// - Throws: `PostgresEncodingError` for a value that PostgreSQL cannot store.
    func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError)
}

extension PostgresEncodable {
    /// `false`: only an optional can be NULL.
    @inlinable public var isNull: Bool { false }
}

/// The refusal of a value that PostgreSQL cannot store.
public struct PostgresEncodingError: Error {
    /// The reason, which continues a sentence about the parameter.
    public let reason: String

    /// Makes an error from its reason.
    public init(_ reason: String) {
        self.reason = reason
    }
}

/// A type of PostgreSQL's own, by its OID, which never changes (`pg_type.dat`).
public struct PostgresType: Hashable, Sendable {
    /// The type's OID.
    public let oid: UInt32
    /// The OID of the arrays of this type; 0 for an array.
    private let arrayOID: UInt32

    private init(_ oid: UInt32, arrayOID: UInt32 = 0) {
        self.oid = oid
        self.arrayOID = arrayOID
    }

    /// The type of this type's arrays.
    public var array: PostgresType { PostgresType(arrayOID) }

    /// The type `boolean`.
    public static let bool = PostgresType(16, arrayOID: 1000)
    /// The type `bytea`.
    public static let bytea = PostgresType(17, arrayOID: 1001)
    /// The type `bigint`.
    public static let int8 = PostgresType(20, arrayOID: 1016)
    /// The type `smallint`.
    public static let int2 = PostgresType(21, arrayOID: 1005)
    /// The type `integer`.
    public static let int4 = PostgresType(23, arrayOID: 1007)
    /// The type `text`.
    public static let text = PostgresType(25, arrayOID: 1009)
    /// The type `double precision`.
    public static let float8 = PostgresType(701, arrayOID: 1022)
    /// The type `timestamp with time zone`.
    public static let timestamptz = PostgresType(1184, arrayOID: 1185)
    /// The type `numeric`.
    public static let numeric = PostgresType(1700, arrayOID: 1231)
    /// The type `uuid`.
    public static let uuid = PostgresType(2950, arrayOID: 2951)
}

extension Bool: PostgresEncodable {
    /// The type `bool`.
    public static var postgresType: PostgresType { .bool }

    /// Appends a `bool`.
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension Int16: PostgresEncodable {
    /// The type `int2`.
    public static var postgresType: PostgresType { .int2 }

    /// Appends an `int2`.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int32: PostgresEncodable {
    /// The type `int4`.
    public static var postgresType: PostgresType { .int4 }

    /// Appends an `int4`.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int64: PostgresEncodable {
    /// The type `int8`.
    public static var postgresType: PostgresType { .int8 }

    /// Appends an `int8`. It is the format of a `timestamptz` as well, in microseconds since 2000-01-01 00:00:00 UTC.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int: PostgresEncodable {
    /// The type `int8`.
    public static var postgresType: PostgresType { .int8 }

    /// Appends an `int8`.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
}

extension Double: PostgresEncodable {
    /// The type `float8`.
    public static var postgresType: PostgresType { .float8 }

    /// Appends a `float8`.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
}

extension String: PostgresEncodable {
    /// The type `text`.
    public static var postgresType: PostgresType { .text }

    /// Appends a `text`. It refuses a string that holds U+0000, which PostgreSQL cannot store.
    public func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        guard !utf8.contains(0) else {
            throw PostgresEncodingError("holds a NUL character, which PostgreSQL stores in no text")
        }
        bytes.append(contentsOf: utf8)
    }
}

extension PostgresUUID: PostgresEncodable {
    /// The type `uuid`.
    public static var postgresType: PostgresType { .uuid }

    /// Appends a `uuid`.
    public func encode(into bytes: inout [UInt8]) { append(to: &bytes) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The wrapped value's type.
    @inlinable public static var postgresType: PostgresType { Wrapped.postgresType }
    /// Whether there is no value.
    @inlinable public var isNull: Bool {
        if let self { self.isNull } else { true }
    }

    /// Appends the wrapped value.
    @inlinable
    public func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        if let self { try self.encode(into: &bytes) }
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The raw value's type.
    @inlinable public static var postgresType: PostgresType { RawValue.postgresType }

    /// Appends the raw value.
    @inlinable
    public func encode(into bytes: inout [UInt8]) throws(PostgresEncodingError) {
        try rawValue.encode(into: &bytes)
    }
}

extension [UInt8] {
    @inlinable
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
