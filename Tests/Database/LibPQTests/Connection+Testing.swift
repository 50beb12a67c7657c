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
        try run(.query("", sql), (), deadline: .inGoodTime)
    }

    /// Sends a value and reads it back, with the server's own text of it.
    func echo<Value: PostgresDecodable & Sendable>(
        _ value: Value, as type: PostgresType,
        bind: @escaping @Sendable (Value, inout Parameters) throws(PostgresError) -> Void
    ) throws(PostgresError) -> (value: Value, text: String?) {
        let statement = Statement<Value, (value: Value, text: String?)>(
            "", "SELECT $1, $1::text", parameters: [type], bind: bind,
            decode: { row throws(PostgresError) in (try row.next(), try row.next()) })
        return try run(statement, value, deadline: .inGoodTime)[0]
    }
}

extension Statement where Input == Void, Row: PostgresDecodable & Sendable {
    /// A query without parameters whose rows have one column.
    static func query(_ name: String, _ sql: String) -> Statement {
        Statement(name, sql, decode: { row throws(PostgresError) in try row.next() })
    }
}

extension Statement where Input == String, Row == Void {
    /// A statement with one text parameter.
    static func text(_ name: String, _ sql: String) -> Statement {
        Statement(
            name, sql, parameters: [.text],
            bind: { text, parameters throws(PostgresError) in try parameters.append(text) })
    }
}

extension ContinuousClock.Instant {
    /// A deadline later than anything that works takes.
    static var inGoodTime: Self { .now + .seconds(60) }
    /// A deadline that comes soon, and late enough that a statement has begun by then.
    static var soon: Self { .now + .milliseconds(300) }
}
