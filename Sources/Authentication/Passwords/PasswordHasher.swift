package import Charges
import Dispatch
import Foundation
import Scheduling
import Synchronization

/// The comparison of passwords with hashes: at most two at once, on dedicated threads, with a bounded queue. So a node
/// that is flooded with logins keeps its cores and its memory for other work.
///
/// The addresses take turns, and the one whose last turn is the longest ago is the next; a turn with a right password
/// does not count. So a login from an address that seldom comes, or comes with right passwords, waits for about one hash,
/// however many wrong ones come from elsewhere. When the queue is full, the address
/// that has the most waiting loses its last one.
package final class PasswordHasher: Sendable {
    private struct Job: QueueElement {
        let identifier: UInt64
        let share: String
        let password: String
        let hash: PasswordHash
        let deadline: ContinuousClock.Instant
        let answer: CheckedContinuation<Result<Bool, RequestFailure>, Never>
    }

    private struct State {
        var queue: FairQueue<Job>
        var lastIdentifier: UInt64 = 0
        var isEnding = false
    }

    private let state: Mutex<State>
    private let available = DispatchSemaphore(value: 0)
    private let threadCount: Int
    private let compare: @Sendable (String, PasswordHash) -> Bool

    /// The number of turns for which an address's last one is remembered.
    private static let rememberedTurns = 2048

    /// - Parameters:
    ///   - threadCount: The number of hashes computed at once.
    ///   - maximumQueueLength: The maximum number of waiting comparisons.
    package convenience init(threadCount: Int = 2, maximumQueueLength: Int = 256) {
        self.init(threadCount: threadCount, maximumQueueLength: maximumQueueLength) { $1.matches($0) }
    }

    /// - Parameter compare: The comparison. It blocks its thread.
    init(
        threadCount: Int = 2, maximumQueueLength: Int = 256,
        compare: @escaping @Sendable (String, PasswordHash) -> Bool
    ) {
        self.threadCount = threadCount
        self.compare = compare
        state = Mutex(
            State(
                queue: FairQueue(
                    maximumCount: maximumQueueLength, maximumCountPerShare: maximumQueueLength,
                    rememberedTurns: Self.rememberedTurns)))
        for number in 0..<threadCount {
            let thread = Thread { self.work() }
            thread.name = "password-\(number)"
            thread.start()
        }
    }

    /// The number of comparisons that wait.
    package var waitingCount: Int { state.withLock { $0.queue.count } }

    /// Whether a hash is that of a password.
    ///
    /// - Parameters:
    ///   - address: The address of the client.
    ///   - queueIsFull: Called if the queue is full, whether this comparison or another one is refused.
    /// - Throws: `RequestFailure.serviceUnavailable` if the queue is full and its turn is not before others', or the
    ///   deadline passes before its turn.
    package func matches(
        _ password: String, _ hash: PasswordHash, address: String, deadline: ContinuousClock.Instant,
        queueIsFull: () -> Void = {}
    ) async throws(RequestFailure) -> Bool {
        let result = await withCheckedContinuation { continuation in
            let (refused, isFull) = state.withLock { state -> ([Job], Bool) in
                state.lastIdentifier += 1
                let job = Job(
                    identifier: state.lastIdentifier, share: address, password: password, hash: hash,
                    deadline: deadline, answer: continuation)
                guard !state.isEnding else { return ([job], false) }
                guard state.queue.append(job) != nil else { return ([], false) }
                var refused = state.queue.removeExpired(now: .now)
                if refused.isEmpty, let displaced = state.queue.makeRoom(for: address) {
                    refused.append(displaced)
                }
                if state.queue.append(job) != nil { refused.append(job) }
                return (refused, true)
            }
            for job in refused { job.answer.resume(returning: .failure(.serviceUnavailable)) }
            if isFull { queueIsFull() }
            // A signal without a comparison does no harm.
            available.signal()
        }
        return try result.get()
    }

    /// Ends the threads. Waiting comparisons are refused.
    package func end() {
        let left = state.withLock { state in
            state.isEnding = true
            return state.queue.removeAll { _ in true }
        }
        for job in left { job.answer.resume(returning: .failure(.serviceUnavailable)) }
        for _ in 0..<threadCount { available.signal() }
    }

    private func work() {
        while true {
            available.wait()
            let (job, late, isEnding) = state.withLock { state in
                let late = state.queue.removeExpired(now: .now)
                return (state.queue.popFirst(), late, state.isEnding)
            }
            for job in late { job.answer.resume(returning: .failure(.serviceUnavailable)) }
            if let job {
                let matches = compare(job.password, job.hash)
                if matches { state.withLock { $0.queue.forgetTurn(of: job.share) } }
                job.answer.resume(returning: .success(matches))
            } else if isEnding {
                return
            }
        }
    }
}
