import CLibPQ
import Dispatch
import Glibc

extension Connection {
    /// Asks the server to end what it does on this connection, and waits until it has taken the request: only
    /// then can it no longer hit a later statement.
    ///
    /// libpq 15 cancels over a connection of its own and blocks meanwhile, so that is done on a thread of its own,
    /// which outlives the wait if the network swallows the request.
    ///
    /// - Returns: `false` if the request was not taken in time; the connection is then not to be used again.
    func cancel(_ handle: OpaquePointer, deadline: ContinuousClock.Instant) -> Bool {
        guard let request = PQgetCancel(handle) else { return false }
        let job = CancelJob(request)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(job)
        let created = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<CancelJob>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard created == 0 else {
            argument.release()
            return false
        }
        pthread_detach(thread)
        return job.wait(until: deadline)
    }
}

/// One request to cancel, made on one thread and awaited on another.
private final class CancelJob: @unchecked Sendable {
    // The request is touched by the cancelling thread alone; the semaphore orders `taken`.
    private let request: OpaquePointer
    private let done = DispatchSemaphore(value: 0)
    private var taken = false

    init(_ request: OpaquePointer) {
        self.request = request
    }

    deinit {
        PQfreeCancel(request)
    }

    func run() {
        var message = [CChar](repeating: 0, count: 256)
        taken = PQcancel(request, &message, Int32(message.count)) == 1
        done.signal()
    }

    func wait(until deadline: ContinuousClock.Instant) -> Bool {
        let left = (deadline - .now).components
        let nanoseconds = Int(max(0, left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000))
        return done.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success && taken
    }
}
