import Synchronization

/// One thread of a pool, and the connection that it owns.
final class PoolSlot<Connection: PooledConnection>: @unchecked Sendable {
    // Touched on the slot's own thread alone, where every job runs.
    var connection: Connection?
    private let name: String
    private let thread = Mutex<WorkerThread?>(nil)

    init(name: String) {
        self.name = name
    }

    /// Runs a job on the slot's thread, which begins with the first one.
    func perform(_ job: @escaping @Sendable () -> Void) {
        let thread = thread.withLock { thread in
            if let thread { return thread }
            let started = WorkerThread(name: name)
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
