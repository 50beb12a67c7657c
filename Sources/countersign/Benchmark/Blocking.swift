import Dispatch

/// Waiting for asynchronous work on a thread that may block: the main one, of a command that is not asynchronous.
enum Blocking {
    static func wait(_ body: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await body()
            done.signal()
        }
        done.wait()
    }
}
