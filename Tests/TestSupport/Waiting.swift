package import Charges
import Dispatch
import Synchronization

extension Duration {
    /// How long a test waits for what must come. It bounds a test that would hang, and is too long for any machine, however
    /// busy, to be the reason of a failure.
    package static let patience = Duration.seconds(600)
}

/// A condition did not come to hold in time.
package struct WaitedTooLong: Error {
    package init() {}
}

/// Returns once a condition holds of which nothing tells, a file for instance: a timer looks every 10 ms.
///
/// - Throws: `WaitedTooLong` if it does not in `Duration.patience`.
package func wait(until condition: @escaping @Sendable () -> Bool) async throws {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wait"))
    let ends = ContinuousClock.now + .patience
    let holds = await withCheckedContinuation { continuation in
        let waiting = Mutex<CheckedContinuation<Bool, Never>?>(continuation)
        timer.setEventHandler {
            let holds = condition()
            guard holds || .now > ends else { return }
            waiting.withLock { waiting in
                waiting?.resume(returning: holds)
                waiting = nil
            }
        }
        timer.schedule(deadline: .now(), repeating: .milliseconds(10))
        timer.resume()
    }
    timer.cancel()
    if !holds { throw WaitedTooLong() }
}

/// A call's answer; the call is made again while the service is unavailable, as a client does. The product's own time
/// limits are for machines that are not as busy as those of tests.
///
/// - Parameter call: A call that reads the database each time, so that its repetition is no spinning.
/// - Throws: The failure of the call, if it is another one or the last in `Duration.patience`.
package func untilAvailable<Answer>(_ call: () async throws(RequestFailure) -> Answer)
    async throws(RequestFailure) -> Answer
{
    let ends = ContinuousClock.now + .patience
    while true {
        do throws(RequestFailure) {
            return try await call()
        } catch {
            guard error == .serviceUnavailable, .now < ends else { throw error }
        }
    }
}
