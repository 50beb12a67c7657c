/// A statement as a value: its SQL, how its parameters are bound and its rows decoded, in one place.
///
/// ```swift
/// extension Statement where Input == String, Row == Int64 {
///     static let accountByName = Statement(
///         "account_by_name", "SELECT id FROM account WHERE name = $1",
///         parameters: [.text],
///         bind: { name, parameters throws(PostgresError) in try parameters.append(name) },
///         decode: { row throws(PostgresError) in try row.next() })
/// }
/// ```
///
/// It is prepared on a connection when it is first run there, in the same round trip, and remembered.
public struct Statement<Input, Row>: Sendable {
    /// The name under which it is prepared; two statements of one connection must not share it. With an empty
    /// one it is sent unprepared each time.
    public let name: String
    /// One SQL statement, with `$1`, `$2`, … for its parameters.
    public let sql: String
    /// The parameters' types, in order.
    public let parameterTypes: [PostgresType]
    let bind: @Sendable (Input, inout Parameters) throws(PostgresError) -> Void
    let decode: @Sendable (inout RowReader) throws(PostgresError) -> Row

    /// - Parameters:
    ///   - bind: Appends the parameters' values in order.
    ///   - decode: Reads one row's columns in order.
    public init(
        _ name: String, _ sql: String, parameters: [PostgresType],
        bind: @escaping @Sendable (Input, inout Parameters) throws(PostgresError) -> Void,
        decode: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
    ) {
        self.name = name
        self.sql = sql
        parameterTypes = parameters
        self.bind = bind
        self.decode = decode
    }
}

extension Statement where Input == Void {
    /// A statement without parameters.
    public init(
        _ name: String, _ sql: String,
        decode: @escaping @Sendable (inout RowReader) throws(PostgresError) -> Row
    ) {
        self.init(name, sql, parameters: [], bind: { _, _ in }, decode: decode)
    }
}

extension Statement where Row == Void {
    /// A statement whose rows do not matter.
    public init(
        _ name: String, _ sql: String, parameters: [PostgresType],
        bind: @escaping @Sendable (Input, inout Parameters) throws(PostgresError) -> Void
    ) {
        self.init(name, sql, parameters: parameters, bind: bind, decode: { _ in })
    }
}

extension Statement where Input == Void, Row == Void {
    /// A statement without parameters whose rows do not matter.
    public init(_ name: String, _ sql: String) {
        self.init(name, sql, parameters: [], bind: { _, _ in }, decode: { _ in })
    }
}
