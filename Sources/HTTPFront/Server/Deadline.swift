package import Charges
import Scheduling
import Synchronization

private let deadlineTimer = DeadlineTimer()

/// Runs work that changes something, and returns by the deadline.
///
/// The work is never cancelled, neither by a client that disconnects nor by the deadline, since it may be half done by
/// then.
///
/// - Throws: `outcomeUnknown` if the work has not ended by the deadline, or what the work throws.
package func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () async throws(RequestFailure) -> Value
) async throws(RequestFailure) -> Value {
    // A new task has no preference of its own for where it runs.
    let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor?.asTaskExecutor() }
    let result: Result<Value, RequestFailure> = await withCheckedContinuation { continuation in
        let answer = FirstAnswer(continuation)
        let ticket = deadlineTimer.watch(deadline) { answer.give(.failure(.outcomeUnknown)) }
        // The work begins at once, on this thread.
        Task.immediate(executorPreference: executor) {
            do throws(RequestFailure) {
                answer.give(.success(try await work()))
            } catch {
                answer.give(.failure(error))
            }
            deadlineTimer.forget(ticket)
        }
    }
    return try result.get()
}

/// A continuation that is resumed by the first result and ignores the others.
private final class FirstAnswer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, RequestFailure>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, RequestFailure>, Never>) {
        self.continuation = Mutex(continuation)
    }

    func give(_ answer: Result<Value, RequestFailure>) {
        let first = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        first?.resume(returning: answer)
    }
}
