package import Charges
import Dispatch
import Foundation
import Synchronization

/// The comparison of passwords with hashes: at most two at once, on dedicated threads, with a short queue. So a node
/// that is flooded with logins keeps its cores and its memory for other work. `LoginTurns` says who is compared next.
package final class PasswordHasher: Sendable {
    private struct Job: Sendable {
        let password: String
        let hash: PasswordHash
        let deadline: ContinuousClock.Instant
        let answer: CheckedContinuation<Result<Bool, RequestFailure>, Never>
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
    ///   - maximumQueueLength: The maximum number of waiting comparisons.
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
        let result = await withCheckedContinuation { continuation in
            let job = Job(password: password, hash: hash, deadline: deadline, answer: continuation)
            let accepted = state.withLock { state in
                guard state.jobs.count < maximumQueueLength, !state.isEnding else { return false }
                state.jobs.append(job)
                return true
            }
            if accepted {
                available.signal()
            } else {
                continuation.resume(returning: .failure(.serviceUnavailable))
            }
        }
        return try result.get()
    }

    /// Ends the threads. Waiting comparisons are refused.
    package func end() {
        let left = state.withLock { state in
            state.isEnding = true
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in left { job.answer.resume(returning: .failure(.serviceUnavailable)) }
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
                job.answer.resume(returning: .failure(.serviceUnavailable))
                continue
            }
            job.answer.resume(returning: .success(compare(job.password, job.hash)))
        }
    }
}
