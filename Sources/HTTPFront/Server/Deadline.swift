import Charges
import Synchronization

private let deadlineTimer = DeadlineTimer()

/// Runs work that changes something, and answers by the deadline whatever becomes of it.
///
/// The work is never cancelled: neither by a client that hangs up, nor by the deadline, since by then it may be half done.
/// If it has not ended by the deadline, its outcome is not known.
func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () async throws(RequestFailure) -> Value
) async throws(RequestFailure) -> Value {
    let result: Result<Value, RequestFailure> = await withCheckedContinuation { continuation in
        let answer = FirstAnswer(continuation)
        let ticket = deadlineTimer.watch(deadline) { answer.give(.failure(.outcomeUnknown)) }
        // It begins here and now, on this thread.
        Task.immediate {
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

/// Passes on the first answer that is given, and no other.
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
