import Charges
import Synchronization

/// Work that many ask for and that is done once at a time: whoever asks while it is under way has that one's result.
/// Any thread may call it.
final class SharedAttempt: Sendable {
    private let work: @Sendable () async throws(RequestFailure) -> Void
    private let underWay = Mutex<Task<Result<Void, RequestFailure>, Never>?>(nil)

    init(_ work: @escaping @Sendable () async throws(RequestFailure) -> Void) {
        self.work = work
    }

    /// Does the work, or waits for the attempt that is under way.
    ///
    /// - Throws: What the work failed with.
    func run() async throws(RequestFailure) {
        try await begin().value.get()
    }

    /// Sees to it that an attempt is under way, and waits for nothing.
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
