import CLibPQ

extension Connection {
    /// Runs one statement by the simple protocol (manual, chapter 55.2.1), its values as text: what psql shows.
    ///
    /// - Throws: `PostgresError`.
    public func table(_ sql: String, deadline: ContinuousClock.Instant) throws(PostgresError) -> TextTable {
        let handle = try open()
        guard !sql.utf8.contains(0) else { throw .unsendable("a statement cannot hold a NUL character") }
        guard PQsendQuery(handle, sql) == 1 else { throw lost(handle) }
        var table = TextTable()
        try finishStatement(handle, deadline: deadline) { table = TextTable($0) }
        return table
    }

    /// A text as a literal of SQL, whatever is in it, quoted as this connection's server reads it (manual,
    /// chapter 34.3.4).
    ///
    /// - Throws: `PostgresError.unsendable` for a text that holds U+0000.
    public func literal(_ text: String) throws(PostgresError) -> String {
        let handle = try open()
        guard !text.utf8.contains(0) else { throw .unsendable("a text cannot hold a NUL character") }
        guard let quoted = PQescapeLiteral(handle, text, text.utf8.count) else {
            throw .unsendable("a text cannot be quoted")
        }
        defer { PQfreemem(quoted) }
        return String(cString: quoted)
    }
}

extension TextTable {
    fileprivate init(_ result: OpaquePointer) {
        let fields = 0..<PQnfields(result)
        columns = StatementDescription.columns(of: result)
        rows = (0..<PQntuples(result)).map { row in
            fields.map { field in
                PQgetisnull(result, row, field) == 1
                    ? nil : PQgetvalue(result, row, field).map { String(cString: $0) }
            }
        }
    }
}
