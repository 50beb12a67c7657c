import Dispatch
import Synchronization

/// A condition did not come to hold within a minute.
package struct WaitedTooLong: Error {}

/// Returns once a condition holds of which nothing tells, a file for instance: a timer looks every 10 ms.
///
/// - Throws: `WaitedTooLong` after a minute in which it did not.
package func wait(until condition: @escaping @Sendable () -> Bool) async throws {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "wait"))
    let ends = ContinuousClock.now + .seconds(60)
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
