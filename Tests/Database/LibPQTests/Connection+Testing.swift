import LibPQ
import TestSupport

extension Connection {
    /// Connects to the test's own database, as its owner.
    static func make(noticeHandler: ((ServerMessage) -> Void)? = nil) throws(PostgresError) -> Connection {
        try Connection(
            TestDatabase.current.ownerParameters, deadline: .inGoodTime, noticeHandler: noticeHandler)
    }

    /// Runs SQL without parameters.
    func execute(_ script: String) throws(PostgresError) {
        try execute(script, deadline: .inGoodTime)
    }

    /// The one text column of a query's rows. The query is not prepared.
    func texts(_ sql: String) throws(PostgresError) -> [String?] {
        try values(sql)
    }

    /// The one column of a query's rows.
    func values<Value: PostgresDecodable & Sendable>(_ sql: String, as type: Value.Type = Value.self)
        throws(PostgresError) -> [Value]
    {
        try run(Statement("", "\(raw: sql)"), (), deadline: .inGoodTime)
    }

    /// Sends a value and reads it back, with the server's own text of it.
    func echo<Value: PostgresCodable & Sendable>(_ value: Value) throws(PostgresError) -> (
        value: Value, text: String?
    ) {
        let statement = Statement<Value, (value: Value, text: String?)>(
            "", "SELECT \(\.self), \(\.self)::text",
            decode: { row throws(PostgresError) in (try row.next(), try row.next()) })
        return try run(statement, value, deadline: .inGoodTime)[0]
    }
}

extension Statement where Input == String, Row == Void {
    static let insertNote = Statement("insert_note", "INSERT INTO note VALUES (\(\.self))")
}

/// A time as a type of the library's user: a `timestamptz`, in microseconds since 2000-01-01 00:00:00 UTC.
struct Moment: Equatable, Sendable, PostgresCodable, PostgresArrayElement {
    let microseconds: Int64

    static var postgresType: PostgresType { .timestamptz }

    func encode(into bytes: inout [UInt8]) { microseconds.encode(into: &bytes) }

    static func decode(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Moment? {
        Int64.decode(bytes, oid: oid).map(Moment.init)
    }
}

extension ContinuousClock.Instant {
    /// A deadline later than anything that works takes.
    static var inGoodTime: Self { .now + .patience }
    /// A deadline that comes soon, and late enough that a statement has begun by then.
    static var soon: Self { .now + .milliseconds(300) }
}
