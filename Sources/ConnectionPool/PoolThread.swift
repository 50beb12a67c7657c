import Dispatch
import Foundation
import Synchronization

/// A thread that does one thing after the other, in the order in which they were given to it.
///
/// It is a system thread of its own, because what it does blocks: Swift's cooperative threads are as few as the
/// machine has cores.
final class PoolThread: Sendable {
    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)
    private let isEnding = Mutex(false)

    /// - Parameter name: What debuggers and `top` show; the system keeps its first 15 characters.
    init(name: String) {
        let thread = Thread { self.run() }
        thread.name = name
        thread.start()
    }

    /// Gives the thread something to do.
    func perform(_ job: @escaping @Sendable () -> Void) {
        jobs.withLock { $0.append(job) }
        available.signal()
    }

    /// Ends the thread once it has done what it was given.
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
    // Touched on the slot's own thread alone, where every job runs.
    var connection: Connection?
    private let name: String
    private let thread = Mutex<PoolThread?>(nil)

    init(name: String) {
        self.name = name
    }

    /// Runs a job on the slot's thread, which begins with the first one.
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

/// A lease that was asked for: what to do with a connection, or with a refusal. One of the two is called, once.
struct PoolJob<Connection: PooledConnection>: Sendable {
    /// Runs the body and returns what hands its result to the one who waits for it.
    let run: @Sendable (Connection) -> @Sendable () -> Void
    let refuse: @Sendable (PoolRefusal) -> Void
}
