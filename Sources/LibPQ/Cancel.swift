import CLibPQ
import Dispatch
import Glibc

extension Connection {
    /// Asks the server to cancel what it does on this connection, and waits until the server has taken the request:
    /// only then can the request no longer hit a later statement.
    ///
    /// libpq 15 cancels over a connection of its own and blocks meanwhile. So this runs on a thread of its own, which
    /// outlives the wait if the network swallows the request.
    ///
    /// - Returns: `false` if the server did not take the request in time; the connection must not be used again then.
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

/// A request to cancel, which one thread makes and another awaits.
private final class CancelJob: @unchecked Sendable {
    // The cancelling thread alone uses the request; the semaphore orders `taken`.
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
