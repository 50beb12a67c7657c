import CLibPQ

extension Connection {
    /// Runs SQL without parameters, one statement or several with semicolons between them, by the simple protocol
    /// (manual, chapter 55.2.1). It drops their rows.
    ///
    /// - Throws: `PostgresError`: the first error. Several statements without BEGIN are one transaction.
    public func execute(_ script: String, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let handle = try open()
        guard !script.utf8.contains(0) else { throw .invalidInput("a statement cannot hold a NUL character") }
        guard PQsendQuery(handle, script) == 1 else { throw lost(handle) }
        try finishStatement(handle, deadline: deadline)
    }

    /// Reads a simple query's results to their end.
    ///
    /// - Parameter look: A callback that takes each result that is no error.
    /// - Returns: The last result's row count.
    @discardableResult
    func finishStatement(
        _ handle: OpaquePointer, deadline: ContinuousClock.Instant, look: (OpaquePointer) -> Void = { _ in }
    ) throws(PostgresError) -> Int {
        var answer = SimpleAnswer()
        do throws(WaitFailure) {
            try read(&answer, handle, deadline: deadline, look: look)
        } catch {
            if case .lost(let reason) = error {
                discard()
                throw answer.error ?? .connectionLost(reason, mayHaveCommitted: true)
            }
            let bound = ContinuousClock.now + .milliseconds(Self.cancelWaitMilliseconds)
            guard cancel(handle, deadline: bound),
                (try? read(&answer, handle, deadline: bound, look: look)) != nil
            else {
                discard()
                throw .deadlineExceeded(mayHaveCommitted: true)
            }
            if answer.error?.sqlState == .queryCanceled { throw .deadlineExceeded(mayHaveCommitted: false) }
        }
        if isBroken(handle) {
            discard()
            guard answer.error == nil else { throw answer.error! }
            throw .connectionLost("the server closed the connection", mayHaveCommitted: true)
        }
        if let error = answer.error {
            if error.sqlState == .readOnlyTransaction { hasRefusedToWrite = true }
            throw error
        }
        return answer.rowCount
    }

    private struct SimpleAnswer {
        var error: PostgresError?
        var rowCount = 0
    }

    private func read(
        _ answer: inout SimpleAnswer, _ handle: OpaquePointer, deadline: ContinuousClock.Instant,
        look: (OpaquePointer) -> Void
    ) throws(WaitFailure) {
        while let result = try nextResult(handle, deadline: deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                look(result)
                answer.rowCount = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
            case PGRES_COPY_IN:
                _ = PQputCopyEnd(handle, "COPY is not for this call")
            case PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw .lost("COPY out is not for this call")
            default:
                let message = ServerMessage(result)
                if message.sqlState.code.isEmpty { throw .lost(message.description) }
                if answer.error == nil { answer.error = .server(message, statement: nil) }
            }
        }
    }

    /// Discards the connection, and returns its own error.
    func lost(_ handle: OpaquePointer, mayHaveCommitted: Bool = true) -> PostgresError {
        let reason = oneLine(PQerrorMessage(handle))
        discard()
        return .connectionLost(reason, mayHaveCommitted: mayHaveCommitted)
    }
}

extension Connection {
    /// Runs one statement by the simple protocol (manual, chapter 55.2.1). It returns the values as text, as psql shows
    /// them.
    ///
    /// - Throws: `PostgresError`.
    public func table(_ sql: String, deadline: ContinuousClock.Instant) throws(PostgresError) -> TextTable {
        let handle = try open()
        guard !sql.utf8.contains(0) else { throw .invalidInput("a statement cannot hold a NUL character") }
        guard PQsendQuery(handle, sql) == 1 else { throw lost(handle) }
        var table = TextTable()
        try finishStatement(handle, deadline: deadline) { table = TextTable($0) }
        return table
    }

    /// Quotes a string as a literal of SQL, as this connection's server reads it (manual, chapter 34.3.4).
    ///
    /// - Throws: `PostgresError.invalidInput` for a string that holds U+0000.
    public func literal(_ text: String) throws(PostgresError) -> String {
        let handle = try open()
        guard !text.utf8.contains(0) else { throw .invalidInput("a text cannot hold a NUL character") }
        guard let quoted = PQescapeLiteral(handle, text, text.utf8.count) else {
            throw .invalidInput("a text cannot be quoted")
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

/// The result of a query as the server's text, for a caller that shows rows and need not know their types.
public struct TextTable: Sendable, Equatable {
    /// The columns, in order.
    public var columns: [StatementDescription.Column] = []
    /// The rows, each with its columns' texts in order; `nil` for NULL.
    public var rows: [[String?]] = []
}
