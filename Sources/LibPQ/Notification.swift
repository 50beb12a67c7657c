import CLibPQ

/// What another session said by NOTIFY (manual, chapter 34.9).
public struct Notification: Sendable, Equatable {
    /// The channel that this session LISTENs to.
    public let channel: String
    /// What came with it; empty if nothing did.
    public let payload: String
    /// The server process that sent it.
    public let backendProcessIdentifier: Int32
}

extension Connection {
    /// Waits for the next notification.
    ///
    /// - Returns: `nil` if none came before the deadline.
    public func waitForNotification(deadline: ContinuousClock.Instant) throws(PostgresError) -> Notification?
    {
        let handle = try open()
        while true {
            if let notify = PQnotifies(handle) {
                defer { PQfreemem(notify) }
                return Notification(
                    channel: String(cString: notify.pointee.relname),
                    payload: String(cString: notify.pointee.extra),
                    backendProcessIdentifier: notify.pointee.be_pid)
            }
            guard Socket(PQsocket(handle)).wait(reading: true, writing: false, until: deadline) else {
                return nil
            }
            if PQconsumeInput(handle) == 0 { throw lost(handle, mayHaveCommitted: false) }
        }
    }
}
