import Dispatch
import Foundation
import Synchronization

/// A thread that runs jobs one after the other, in the order in which they were added.
///
/// It is a system thread of its own, because its jobs block: Swift's cooperative threads are as few as the machine has
/// cores.
final class PoolThread: Sendable {
    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)
    private let isEnding = Mutex(false)

    /// - Parameter name: The name that debuggers and `top` show; the system keeps its first 15 characters.
    init(name: String) {
        let thread = Thread { self.run() }
        thread.name = name
        thread.start()
    }

    /// Adds a job to run on the thread.
    func perform(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
        available.signal()
    }

    /// Ends the thread once it has run the jobs that were added.
    func end() {
        perform { self.isEnding.withLock { $0 = true } }
    }

    private func run() {
        while !isEnding.withLock({ $0 }) {
            available.wait()
            jobs.withLock { $0.removeFirst() }()
        }
    }
}

/// One thread of a pool, and the connection that it owns.
final class PoolSlot<Connection: PooledConnection>: @unchecked Sendable {
    // Used on the slot's own thread alone, where every job runs.
    var connection: Connection?
    private let name: String
    private let thread = Mutex<PoolThread?>(nil)

    init(name: String) {
        self.name = name
    }

    /// Runs a job on the slot's thread, which the first job starts.
    func perform(_ job: @escaping @Sendable () -> Void) {
        let thread = thread.withLock { thread in
            if let thread { return thread }
            let started = PoolThread(name: name)
            thread = started
            return started
        }
        thread.perform(job)
    }

    /// Ends the thread, if there is one.
    func end() {
        thread.withLock { $0 }?.end()
    }
}

/// The two ends of a lease: what to do with a connection, and what to do with a refusal. The pool calls one of the two,
/// once.
struct PoolJob<Connection: PooledConnection>: Sendable {
    /// Runs the body, and returns a closure that passes its result to the caller.
    let run: @Sendable (Connection) -> @Sendable () -> Void
    let refuse: @Sendable (PoolRefusal) -> Void
}
