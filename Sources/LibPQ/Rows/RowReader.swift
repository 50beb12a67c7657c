import CLibPQ

/// Reads one row's columns from left to right. It is valid while a statement's `decode` runs, and no longer.
public struct RowReader {
    private let result: OpaquePointer
    private let row: Int32
    private var column: Int32 = 0

    init(_ result: OpaquePointer, row: Int32) {
        self.result = result
        self.row = row
    }

    /// A column of the row, as libpq has it.
    @usableFromInline
    struct Column {
        @usableFromInline let bytes: UnsafeRawBufferPointer?
        @usableFromInline let oid: UInt32
    }

    /// The next column's value. It is inlinable, so that it is compiled for the type that is read: a list has
    /// hundreds of these.
    ///
    /// - Throws: `PostgresError.decoding`, naming the column, if there is none, if it is of another type, or if
    ///   it is NULL and the type is not optional.
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
        guard column < PQnfields(result) else { throw .decoding("the row has only \(column) columns") }
        defer { column += 1 }
        var bytes: UnsafeRawBufferPointer?
        if PQgetisnull(result, row, column) == 0 {
            bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        }
        return Column(bytes: bytes, oid: PQftype(result, column))
    }

    /// What is said of the column that was read last, if it cannot be read so.
    @usableFromInline
    func undecodable(_ value: Column, _ type: String) -> PostgresError {
        let name = PQfname(result, column - 1).map { String(cString: $0) } ?? "\(column)"
        return .decoding(
            "column \(name) (type \(value.oid)) is \(value.bytes == nil ? "NULL" : "not a \(type)")")
    }
}
