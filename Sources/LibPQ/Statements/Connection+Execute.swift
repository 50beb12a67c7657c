import CLibPQ

extension Connection {
    /// Runs SQL without parameters: one statement or several, separated by semicolons, by the simple protocol
    /// (manual, chapter 55.2.1). Rows are dropped.
    ///
    /// - Throws: `PostgresError`: the first error. Several statements without BEGIN are one transaction.
    public func execute(_ script: String, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let handle = try open()
        guard !script.utf8.contains(0) else { throw .unsendable("a statement cannot hold a NUL character") }
        guard PQsendQuery(handle, script) == 1 else { throw lost(handle) }
        try finishStatement(handle, deadline: deadline)
    }

    /// Reads a simple query's results to their end.
    ///
    /// - Parameter look: Is shown each good result.
    /// - Returns: The last one's row count.
    @discardableResult
    func finishStatement(
        _ handle: OpaquePointer, deadline: ContinuousClock.Instant, look: (OpaquePointer) -> Void = { _ in }
    ) throws(PostgresError) -> Int {
        var answer = SimpleAnswer()
        do throws(WaitFailure) {
            try read(&answer, handle, deadline: deadline, look: look)
        } catch {
            if case .lost(let reason) = error {
                giveUp()
                throw answer.error ?? .connectionLost(reason, mayHaveCommitted: true)
            }
            let bound = ContinuousClock.now + .milliseconds(Self.cancelWaitMilliseconds)
            guard cancel(handle, deadline: bound),
                (try? read(&answer, handle, deadline: bound, look: look)) != nil
            else {
                giveUp()
                throw .deadlineExceeded(mayHaveCommitted: true)
            }
            if answer.error?.sqlState == .queryCanceled { throw .deadlineExceeded(mayHaveCommitted: false) }
        }
        if isBroken(handle) {
            giveUp()
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

    /// The connection's own error, after which it is given up.
    func lost(_ handle: OpaquePointer, mayHaveCommitted: Bool = true) -> PostgresError {
        let reason = oneLine(PQerrorMessage(handle))
        giveUp()
        return .connectionLost(reason, mayHaveCommitted: mayHaveCommitted)
    }
}
