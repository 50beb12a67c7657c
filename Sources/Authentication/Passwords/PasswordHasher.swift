package import Charges
import Dispatch
import Foundation
import Synchronization

/// Compares passwords with their hashes: at most two at once, on threads of their own, with a short queue. A
/// node flooded with logins thus keeps its cores and its memory for its other work.
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
    ///   - threadCount: How many hashes are computed at once.
    ///   - maximumQueueLength: How many may wait.
    package convenience init(threadCount: Int = 2, maximumQueueLength: Int = 64) {
        self.init(threadCount: threadCount, maximumQueueLength: maximumQueueLength) { $1.matches($0) }
    }

    /// - Parameter compare: Blocks its thread for as long as comparing takes.
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

    /// Whether a password is the one that was hashed.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if too many wait already, or the deadline passes before this
    ///   one's turn.
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

    /// Ends the threads. Who still waits is refused.
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
