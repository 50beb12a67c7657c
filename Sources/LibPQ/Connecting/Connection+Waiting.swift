import CLibPQ

/// Why a wait for the server ended without a result.
enum WaitFailure: Error {
    case deadlinePassed
    case lost(String)
}

extension Connection {
    /// Sends what is still buffered, reading meanwhile, so that neither side waits for the other for ever.
    func flush(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) throws(WaitFailure) {
        while true {
            let left = PQflush(handle)
            if left == 0 { return }
            // After a failed write there may be an answer that says why; reading will find it or the break.
            if left < 0 { return }
            guard Socket(PQsocket(handle)).wait(reading: true, writing: true, until: deadline) else {
                throw .deadlinePassed
            }
            if PQconsumeInput(handle) == 0 { return }
        }
    }

    /// The next result, or `nil` at the end of a statement's results. It is the caller's to clear.
    func nextResult(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) throws(WaitFailure)
        -> OpaquePointer?
    {
        while PQisBusy(handle) != 0 {
            try flush(handle, deadline: deadline)
            guard Socket(PQsocket(handle)).wait(reading: true, writing: false, until: deadline) else {
                throw .deadlinePassed
            }
            // On a broken connection libpq turns what it has into a result, which comes next.
            if PQconsumeInput(handle) == 0, PQisBusy(handle) != 0 {
                throw .lost(oneLine(PQerrorMessage(handle)))
            }
        }
        return PQgetResult(handle)
    }

    /// Whether the socket is beyond use.
    func isBroken(_ handle: OpaquePointer) -> Bool {
        PQstatus(handle) != CONNECTION_OK
    }
}
