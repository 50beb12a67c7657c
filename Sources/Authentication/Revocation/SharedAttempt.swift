import Charges
import Synchronization

/// Work with one execution at a time. Callers during an execution share its result. Any thread may call it.
final class SharedAttempt: Sendable {
    private let work: @Sendable () async throws(RequestFailure) -> Void
    private let underWay = Mutex<Task<Result<Void, RequestFailure>, Never>?>(nil)

    init(_ work: @escaping @Sendable () async throws(RequestFailure) -> Void) {
        self.work = work
    }

    /// Does the work, or waits for the attempt that is under way.
    ///
    /// - Throws: The failure of the work.
    func run() async throws(RequestFailure) {
        try await begin().value.get()
    }

    /// Starts an attempt unless one is under way, and returns at once.
    @discardableResult
    func begin() -> Task<Result<Void, RequestFailure>, Never> {
        underWay.withLock { underWay in
            if let task = underWay { return task }
            let task = Task { await attempt() }
            underWay = task
            return task
        }
    }

    private func attempt() async -> Result<Void, RequestFailure> {
        let result: Result<Void, RequestFailure>
        do throws(RequestFailure) {
            try await work()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        underWay.withLock { $0 = nil }
        return result
    }
}
