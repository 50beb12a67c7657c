import Synchronization

/// The requests of one connection, on their way from its handlers to its task. Any thread may add one; one task takes
/// them.
///
/// It does what an `AsyncStream` does, which took a thirtieth of a call's work: its code is compiled for no element, and
/// asks at run time for what it needs.
final class RequestQueue: Sendable {
    private struct State {
        /// One at most, since the connection lets one request through at a time, unless the task is behind.
        var waiting: [IncomingRequest] = []
        var hasEnded = false
        /// The task, while it waits for a request.
        var reader: UnsafeContinuation<IncomingRequest?, Never>?
    }

    private let state = Mutex(State())

    /// Adds a request.
    func add(_ request: IncomingRequest) {
        let reader = state.withLock { state in
            defer { state.reader = nil }
            if state.reader == nil { state.waiting.append(request) }
            return state.reader
        }
        reader?.resume(returning: request)
    }

    /// Ends the queue, after the requests that wait.
    func end() {
        let reader = state.withLock { state in
            state.hasEnded = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The next request, once there is one; `nil` after the last one. Cancelling the task does not end the wait.
    func next() async -> IncomingRequest? {
        await withUnsafeContinuation { reader in
            let (isHere, request) = state.withLock { state -> (Bool, IncomingRequest?) in
                if !state.waiting.isEmpty { return (true, state.waiting.removeFirst()) }
                if state.hasEnded { return (true, nil) }
                state.reader = reader
                return (false, nil)
            }
            if isHere { reader.resume(returning: request) }
        }
    }
}
