import CLibPQ

extension Connection {
    /// Sends rows by `COPY … FROM STDIN` (manual, chapter 34.10).
    ///
    /// - Parameters:
    ///   - sql: The COPY statement, whose options define the format of the bytes.
    ///   - body: Writes the rows. If it throws, the COPY fails on the server and none of its rows stays.
    /// - Returns: The number of rows that were copied.
    /// - Throws: What the body threw, or `PostgresError`.
    public func copyIn(
        _ sql: String, deadline: ContinuousClock.Instant, _ body: (borrowing CopyWriter) throws -> Void
    ) throws -> Int {
        let handle = try open()
        guard !sql.utf8.contains(0) else {
            throw PostgresError.invalidInput("a statement cannot hold a NUL character")
        }
        guard PQsendQuery(handle, sql) == 1 else { throw lost(handle) }
        try awaitCopy(handle, deadline: deadline)
        var failure: (any Error)?
        do {
            try body(CopyWriter(connection: self, deadline: deadline))
        } catch {
            failure = error
        }
        guard self.handle != nil else {
            throw failure ?? PostgresError.connectionFailed("the connection is closed")
        }
        guard PQputCopyEnd(handle, failure == nil ? nil : "the client gave up") == 1 else {
            throw lost(handle)
        }
        guard let failure else { return try finishStatement(handle, deadline: deadline) }
        // The server's answer says only that the client ended the COPY.
        _ = try? finishStatement(handle, deadline: deadline)
        throw failure
    }

    private func awaitCopy(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) throws(PostgresError) {
        let first: OpaquePointer?
        do throws(WaitFailure) {
            first = try nextResult(handle, deadline: deadline)
        } catch {
            discard()
            guard case .lost(let reason) = error else { throw .deadlineExceeded(mayHaveCommitted: false) }
            throw .connectionLost(reason, mayHaveCommitted: false)
        }
        guard let first else { throw lost(handle) }
        defer { PQclear(first) }
        switch PQresultStatus(first) {
        case PGRES_COPY_IN:
            return
        case PGRES_FATAL_ERROR:
            let message = ServerMessage(first)
            _ = try? finishStatement(handle, deadline: deadline)
            // libpq's own errors, for a broken connection, have no code.
            guard !message.sqlState.code.isEmpty else {
                throw .connectionLost(message.description, mayHaveCommitted: false)
            }
            throw .server(message, statement: nil)
        default:
            try finishStatement(handle, deadline: deadline)
            // The statement may have changed something.
            throw .decoding("the statement is no COPY FROM STDIN")
        }
    }
}

/// The writer of a COPY's bytes. It is valid while the body that takes it runs.
public struct CopyWriter: ~Copyable {
    let connection: Connection
    let deadline: ContinuousClock.Instant

    /// Sends bytes, which need not end at the end of a row. It waits while the server is slower than the caller, so
    /// that the buffer stays small.
    public func write(_ bytes: [UInt8]) throws(PostgresError) {
        let handle = try connection.open()
        var sent = 0
        while sent == 0 {
            sent = Int(
                bytes.withUnsafeBytes { buffer in
                    PQputCopyData(
                        handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
                })
            if sent < 0 { throw connection.lost(handle) }
            do throws(WaitFailure) {
                try connection.flush(handle, deadline: deadline)
            } catch {
                connection.discard()
                throw .deadlineExceeded(mayHaveCommitted: false)
            }
        }
    }
}
