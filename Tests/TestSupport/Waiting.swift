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
