import CLibPQ

/// A notification that another session sent by NOTIFY (manual, chapter 34.9).
public struct Notification: Sendable, Equatable {
    /// The channel, to which this session LISTENs.
    public let channel: String
    /// The notification's payload; empty if it has none.
    public let payload: String
    /// The number of the server process that sent it.
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
