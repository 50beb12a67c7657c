import CLibPQ

/// A statement as a value: its SQL with its parameters in their places, and the decoding of its rows.
///
/// ```swift
/// struct AccountKey: Sendable {
///     let operatorCode: String
///     let name: String
/// }
///
/// struct Account: Sendable {
///     let identifier: Int64
///     let isSuspended: Bool
/// }
///
/// extension Statement where Input == AccountKey, Row == Account {
///     static let accountByName = Statement(
///         "account_by_name",
///         """
///         SELECT id, suspended_on IS NOT NULL FROM account
///         WHERE operator_code = \(\.operatorCode) AND name = \(\.name)
///         """,
///         row: Account.init)
/// }
/// ```
///
/// `SQL` says how parameters are written, and `PostgresEncodable` which types they may have. A connection prepares the
/// statement at its first run there, in the same round trip, and remembers that.
public struct Statement<Input, Row>: Sendable {
    /// The name under which the statement is prepared; two statements of one connection must not share it. A statement
    /// with an empty name is sent unprepared each time.
    public let name: String
    /// The SQL, with `$1`, `$2`, … for its parameters.
    public let sql: String
    /// The parameters' types, in order.
    public let parameterTypes: [PostgresType]
    let parameters: [SQL<Input>.Parameter]
    /// Whether the name or the SQL has a NUL in it, which cannot be sent. Looked for once: a statement is long.
    let containsNul: Bool
    let decode: @Sendable (inout RowReader) throws(PostgresError) -> Row

    /// Makes a statement.
    ///
    /// - Parameter decode: Reads one row's columns in order.
    public init(
        _ name: String, _ sql: SQL<Input>,
        decode: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
    ) {
        self.name = name
        (self.sql, parameters) = sql.numbered
        parameterTypes = parameters.map(\.type)
        containsNul = name.utf8.contains(0) || self.sql.utf8.contains(0)
        self.decode = decode
    }

    /// Makes a statement whose rows are made of their columns.
    ///
    /// - Parameter row: Makes a row of the columns' values in order, for example an initializer.
    public init<each Column: PostgresDecodable>(
        _ name: String, _ sql: SQL<Input>, row: @escaping @Sendable (repeat each Column) -> Row
    ) {
        self.init(
            name, sql,
            decode: { (reader: inout RowReader) throws(PostgresError) -> Row in
                row(repeat try reader.next((each Column).self))
            })
    }
}

extension Statement where Row: PostgresDecodable {
    /// Makes a statement whose rows have one column.
    public init(_ name: String, _ sql: SQL<Input>) {
        self.init(
            name, sql,
            decode: { (row: inout RowReader) throws(PostgresError) -> Row in try row.next(Row.self) })
    }
}

extension Statement where Row == Void {
    /// Makes a statement whose rows do not matter.
    public init(_ name: String, _ sql: SQL<Input>) {
        self.init(name, sql, decode: { (_: inout RowReader) throws(PostgresError) -> Void in })
    }
}

/// The server's description of a statement.
public struct StatementDescription: Sendable, Equatable {
    /// One column of the rows.
    public struct Column: Sendable, Equatable {
        /// The column's name in the statement.
        public let name: String
        /// The OID of the column's type.
        public let typeOID: UInt32
    }

    /// The OIDs of the parameters' types, in order.
    public let parameterTypeOIDs: [UInt32]
    /// The columns, in order; empty for a statement that returns no rows.
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
    /// Asks the server what a statement takes and returns, without running it and without keeping it prepared, so that
    /// a test can check every statement against the schema.
    ///
    /// - Throws: `PostgresError`, for example if the statement names something that does not exist.
    public func describe<Input, Row>(
        _ statement: Statement<Input, Row>, deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> StatementDescription {
        let handle = try open()
        guard !statement.containsNul else { throw .invalidInput("a statement cannot hold a NUL character") }
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
