import Dispatch
import Foundation
import Synchronization

/// A thread that does one thing after the other, in the order in which they were given to it.
///
/// It is a system thread of its own, because what it does blocks: Swift's cooperative threads are as few as the
/// machine has cores.
final class WorkerThread: Sendable {
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
