import NIOCore
import Synchronization

/// Runs tasks on an event loop: what a connection's calls do between two waits is done on the thread that reads and
/// writes the connection, so that a call changes threads only to the database and back.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    private init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// One for each loop, for ever: tasks do not keep their executor.
    private static let known = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    static func of(_ loop: any EventLoop) -> LoopExecutor {
        known.withLock { known in
            if let executor = known[ObjectIdentifier(loop)] { return executor }
            let new = LoopExecutor(loop)
            known[ObjectIdentifier(loop)] = new
            return new
        }
    }
}
