import CLibPQ

/// Takes the bytes of a COPY. It is valid while the body that got it runs.
public struct CopyWriter: ~Copyable {
    let connection: Connection
    let deadline: ContinuousClock.Instant

    /// Sends bytes; they need not end at the end of a row. Waits while the server is slower than the caller, so
    /// that what is buffered stays small.
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
                connection.giveUp()
                throw .deadlineExceeded(mayHaveCommitted: false)
            }
        }
    }
}
