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

    /// The next column's value.
    ///
    /// - Throws: `PostgresError.decoding`, naming the column, if there is none, if it is of another type, or if
    ///   it is NULL and the type is not optional.
    @specialized(where Value == String)
    @specialized(where Value == String?)
    @specialized(where Value == Int64)
    @specialized(where Value == Int64?)
    @specialized(where Value == Bool)
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError)
        -> Value
    {
        guard column < PQnfields(result) else { throw .decoding("the row has only \(column) columns") }
        defer { column += 1 }
        let oid = PQftype(result, column)
        var bytes: UnsafeRawBufferPointer?
        if PQgetisnull(result, row, column) == 0 {
            bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        }
        guard let value = Value.decode(bytes, oid: oid) else {
            let name = PQfname(result, column).map { String(cString: $0) } ?? "\(column + 1)"
            throw .decoding("column \(name) (type \(oid)) is \(bytes == nil ? "NULL" : "not a \(type)")")
        }
        return value
    }
}
