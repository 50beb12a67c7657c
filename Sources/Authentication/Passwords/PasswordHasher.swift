package import Charges
import Dispatch
import Foundation
import Synchronization

/// The making of passwords' hashes, and the comparison with them: at most two at once, on dedicated threads, with a short queue. So a node
/// that is flooded with logins keeps its cores and its memory for other work. `LoginTurns` says who is compared next.
package final class PasswordHasher: Sendable {
    private struct Job: Sendable {
        let deadline: ContinuousClock.Instant
        /// Does the work, and answers.
        let work: @Sendable () -> Void
        /// Answers that the work is not done.
        let refuse: @Sendable () -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isEnding = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let maximumQueueLength: Int
    private let threadCount: Int
    private let compare: @Sendable (String, PasswordHash) -> Bool

    /// - Parameters:
    ///   - threadCount: The number of hashes computed at once.
    ///   - maximumQueueLength: The maximum number of waiting jobs.
    package convenience init(threadCount: Int = 2, maximumQueueLength: Int = 64) {
        self.init(threadCount: threadCount, maximumQueueLength: maximumQueueLength) { $1.matches($0) }
    }

    /// - Parameter compare: The comparison. It blocks its thread.
    init(
        threadCount: Int = 2, maximumQueueLength: Int = 64,
        compare: @escaping @Sendable (String, PasswordHash) -> Bool
    ) {
        self.threadCount = threadCount
        self.maximumQueueLength = maximumQueueLength
        self.compare = compare
        for number in 0..<threadCount {
            let thread = Thread { self.work() }
            thread.name = "password-\(number)"
            thread.start()
        }
    }

    /// Whether a hash is that of a password.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the queue is full, or the deadline passes before this
    ///   comparison's turn.
    package func matches(_ password: String, _ hash: PasswordHash, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> Bool
    {
        try await perform(deadline: deadline) { [compare] in compare(password, hash) }
    }

    /// The hash of a new password.
    ///
    /// - Throws: As `matches`.
    package func hash(_ password: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> PasswordHash
    {
        try await perform(deadline: deadline) { PasswordHash(password: password) }
    }

    private func perform<Value: Sendable>(
        deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () -> Value
    ) async throws(RequestFailure) -> Value {
        let result: Result<Value, RequestFailure> = await withCheckedContinuation { continuation in
            let job = Job(
                deadline: deadline, work: { continuation.resume(returning: .success(work())) },
                refuse: { continuation.resume(returning: .failure(.serviceUnavailable)) })
            let accepted = state.withLock { state in
                guard state.jobs.count < maximumQueueLength, !state.isEnding else { return false }
                state.jobs.append(job)
                return true
            }
            if accepted {
                available.signal()
            } else {
                job.refuse()
            }
        }
        return try result.get()
    }

    /// Ends the threads. Waiting jobs are refused.
    package func end() {
        let left = state.withLock { state in
            state.isEnding = true
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in left { job.refuse() }
        for _ in 0..<threadCount { available.signal() }
    }

    private func work() {
        while true {
            available.wait()
            let (job, isEnding) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isEnding)
            }
            guard let job else {
                if isEnding { return }
                continue
            }
            guard job.deadline > .now else {
                job.refuse()
                continue
            }
            job.work()
        }
    }
}
