/// The values of a statement's parameters, in PostgreSQL's binary format (manual, chapter 55.2.2 and the `…recv`
/// functions of its source), one after the other in one buffer.
///
/// A statement's `bind` appends them in order. Each must be of the type that the statement declares.
public struct Parameters: Sendable {
    let types: [PostgresType]
    private(set) var bytes: [UInt8] = []
    /// The position of each value in `bytes`; `nil` for NULL.
    private(set) var ranges: [Range<Int>?] = []

    init(types: [PostgresType]) {
        self.types = types
        ranges.reserveCapacity(types.count)
        bytes.reserveCapacity(64)
    }

    /// Appends a `bool`.
    public mutating func append(_ value: Bool?) throws(PostgresError) {
        try append(value, as: .bool) { bytes, value in bytes.append(value ? 1 : 0) }
    }

    /// Appends an `int2`.
    public mutating func append(_ value: Int16?) throws(PostgresError) {
        try append(value, as: .int2) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends an `int4`.
    public mutating func append(_ value: Int32?) throws(PostgresError) {
        try append(value, as: .int4) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends an `int8`.
    public mutating func append(_ value: Int64?) throws(PostgresError) {
        try append(value, as: .int8) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends a `float8`.
    public mutating func append(_ value: Double?) throws(PostgresError) {
        try append(value, as: .float8) { bytes, value in bytes.append(bigEndian: value.bitPattern) }
    }

    /// Appends a `text`. It refuses a string that holds U+0000, which PostgreSQL cannot store.
    public mutating func append(_ value: String?) throws(PostgresError) {
        try refuseNul(value)
        try append(value, as: .text) { bytes, value in bytes.append(contentsOf: value.utf8) }
    }

    /// Appends a `bytea`.
    public mutating func append(_ value: [UInt8]?) throws(PostgresError) {
        try append(value, as: .bytea) { bytes, value in bytes.append(contentsOf: value) }
    }

    /// Appends a `uuid`.
    public mutating func append(_ value: PostgresUUID?) throws(PostgresError) {
        try append(value, as: .uuid) { bytes, value in value.append(to: &bytes) }
    }

    /// Appends a `timestamptz`, in microseconds since 2000-01-01 00:00:00 UTC.
    public mutating func append(timestamp value: Int64?) throws(PostgresError) {
        try append(value, as: .timestamptz) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends one value of a declared type, or NULL.
    private mutating func append<Value>(
        _ value: Value?, as type: PostgresType, write: (inout [UInt8], Value) -> Void
    ) throws(PostgresError) {
        try expect(type)
        guard let value else { return ranges.append(nil) }
        let start = bytes.count
        write(&bytes, value)
        ranges.append(start..<bytes.count)
    }

    private func expect(_ type: PostgresType) throws(PostgresError) {
        guard ranges.count < types.count, types[ranges.count] == type else {
            let declared = ranges.count < types.count ? types[ranges.count].name : "not declared"
            throw .invalidInput(
                "parameter \(ranges.count + 1) is \(declared), and a value of type \(type.name) came")
        }
    }

    private func refuseNul(_ text: String?) throws(PostgresError) {
        guard let text, text.utf8.contains(0) else { return }
        throw .invalidInput(
            "parameter \(ranges.count + 1) holds a NUL character, which PostgreSQL stores in no text")
    }
}

extension Parameters {
    /// Appends a `bool[]`.
    public mutating func append(_ values: [Bool?]) throws(PostgresError) {
        try append(values, as: .boolArray) { bytes, value in bytes.append(value ? 1 : 0) }
    }

    /// Appends an `int4[]`.
    public mutating func append(_ values: [Int32?]) throws(PostgresError) {
        try append(values, as: .int4Array) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends an `int8[]`.
    public mutating func append(_ values: [Int64?]) throws(PostgresError) {
        try append(values, as: .int8Array) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends a `text[]`. It refuses an element that holds U+0000.
    public mutating func append(_ values: [String?]) throws(PostgresError) {
        for value in values { try refuseNul(value) }
        try append(values, as: .textArray) { bytes, value in bytes.append(contentsOf: value.utf8) }
    }

    /// Appends a `uuid[]`.
    public mutating func append(_ values: [PostgresUUID?]) throws(PostgresError) {
        try append(values, as: .uuidArray) { bytes, value in value.append(to: &bytes) }
    }

    /// Appends a `timestamptz[]`, in microseconds since 2000-01-01 00:00:00 UTC.
    public mutating func append(timestamps values: [Int64?]) throws(PostgresError) {
        try append(values, as: .timestamptzArray) { bytes, value in bytes.append(bigEndian: value) }
    }

    /// Appends an array in PostgreSQL's binary format: the number of dimensions, whether there are NULLs, the elements'
    /// type, and for the one dimension its length and first index; then each element's length, -1 for NULL, and its
    /// bytes.
    private mutating func append<Value>(
        _ values: [Value?], as type: PostgresType, write: (inout [UInt8], Value) -> Void
    ) throws(PostgresError) {
        try append(.some(values), as: type) { bytes, values in
            bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
            bytes.append(bigEndian: Int32(values.contains { $0 == nil } ? 1 : 0))
            bytes.append(bigEndian: type.elementOID)
            if values.isEmpty { return }
            bytes.append(bigEndian: Int32(values.count))
            bytes.append(bigEndian: Int32(1))
            for value in values {
                guard let value else {
                    bytes.append(bigEndian: Int32(-1))
                    continue
                }
                let place = bytes.count
                bytes.append(bigEndian: Int32(0))
                write(&bytes, value)
                let length = UInt32(bytes.count - place - 4)
                for (offset, shift) in [24, 16, 8, 0].enumerated() {
                    bytes[place + offset] = UInt8(truncatingIfNeeded: length >> UInt32(shift))
                }
            }
        }
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

/// A type that parameters are declared with, by its OID, which never changes (`pg_type.dat`).
public struct PostgresType: Hashable, Sendable {
    /// The type's OID.
    public let oid: UInt32
    /// The type's name, for messages.
    public let name: String
    /// The OID of an array's elements; 0 for other types.
    let elementOID: UInt32

    private init(_ oid: UInt32, _ name: String, elementOID: UInt32 = 0) {
        self.oid = oid
        self.name = name
        self.elementOID = elementOID
    }

    /// The type `boolean`.
    public static let bool = PostgresType(16, "bool")
    /// The type `bytea`.
    public static let bytea = PostgresType(17, "bytea")
    /// The type `bigint`.
    public static let int8 = PostgresType(20, "int8")
    /// The type `smallint`.
    public static let int2 = PostgresType(21, "int2")
    /// The type `integer`.
    public static let int4 = PostgresType(23, "int4")
    /// The type `text`.
    public static let text = PostgresType(25, "text")
    /// The type `double precision`.
    public static let float8 = PostgresType(701, "float8")
    /// The type `timestamp with time zone`.
    public static let timestamptz = PostgresType(1184, "timestamptz")
    /// The type `numeric`.
    public static let numeric = PostgresType(1700, "numeric")
    /// The type `uuid`.
    public static let uuid = PostgresType(2950, "uuid")
    /// The type `boolean[]`.
    public static let boolArray = PostgresType(1000, "bool[]", elementOID: 16)
    /// The type `integer[]`.
    public static let int4Array = PostgresType(1007, "int4[]", elementOID: 23)
    /// The type `text[]`.
    public static let textArray = PostgresType(1009, "text[]", elementOID: 25)
    /// The type `bigint[]`.
    public static let int8Array = PostgresType(1016, "int8[]", elementOID: 20)
    /// The type `timestamp with time zone[]`.
    public static let timestamptzArray = PostgresType(1185, "timestamptz[]", elementOID: 1184)
    /// The type `uuid[]`.
    public static let uuidArray = PostgresType(2951, "uuid[]", elementOID: 2950)
}
