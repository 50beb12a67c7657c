import CLibPQ

/// What the server makes of a statement.
public struct StatementDescription: Sendable, Equatable {
    /// One column of the rows.
    public struct Column: Sendable, Equatable {
        /// The name that the statement gives it.
        public let name: String
        /// The OID of its type.
        public let typeOID: UInt32
    }

    /// The OIDs of the parameters' types, in order.
    public let parameterTypeOIDs: [UInt32]
    /// The columns, in order; none for a statement that gives no rows.
    public let columns: [Column]

    fileprivate init(_ result: OpaquePointer) {
        parameterTypeOIDs = (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        columns = Self.columns(of: result)
    }

    /// The columns of a result, in order.
    static func columns(of result: OpaquePointer) -> [Column] {
        (0..<PQnfields(result)).map { field in
            Column(
                name: PQfname(result, field).map { String(cString: $0) } ?? "",
                typeOID: PQftype(result, field))
        }
    }
}

extension Connection {
    /// Asks the server what a statement takes and gives, without running it and without keeping it prepared: so
    /// a test can hold every statement against the schema.
    ///
    /// - Throws: `PostgresError`, for instance if the statement names what is not there.
    public func describe<Input, Row>(
        _ statement: Statement<Input, Row>, deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> StatementDescription {
        let handle = try open()
        guard !statement.sql.utf8.contains(0) else {
            throw .unsendable("a statement cannot hold a NUL character")
        }
        let oids = statement.parameterTypes.map(\.oid)
        guard PQsendPrepare(handle, "", statement.sql, Int32(oids.count), oids) == 1 else {
            throw lost(handle, mayHaveCommitted: false)
        }
        try finishStatement(handle, deadline: deadline)
        guard PQsendDescribePrepared(handle, "") == 1 else { throw lost(handle, mayHaveCommitted: false) }
        var description: StatementDescription?
        try finishStatement(handle, deadline: deadline) { description = StatementDescription($0) }
        guard let description else { throw .decoding("the server does not describe the statement") }
        return description
    }
}
