import Glibc
import NIOCore

/// The arrival time of requests.
enum ArrivalTime {
    /// The arrival time of the input that a connection reads now. Called on the connection's event loop.
    ///
    /// - Parameter mayHaveWaited: Whether the input may have waited in the kernel for a reason of the connection's own.
    ///   If it has not, and the process has not stood still, the input has just arrived, and asking the kernel would be
    ///   a thirtieth of a call's work.
    static func now(on channel: any Channel, mayHaveWaited: Bool) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        // Asked in any case, so that the watch begins with the first input.
        let mayHaveStoodStill = StandstillWatch.shared.mayHaveStoodStill(now)
        return mayHaveWaited || mayHaveStoodStill ? now - unread(channel) : now
    }

    /// The time since the last bytes arrived on a connection, by the kernel's count (Linux, tcp(7), `TCP_INFO`). It is
    /// never longer than the time since the request's own last byte, and zero where the kernel does not count.
    private static func unread(_ channel: any Channel) -> Duration {
        var milliseconds: UInt32 = 0
        // On the event loop the future is complete before the call returns.
        (channel as? any SocketOptionProvider)?.getTCPInfo().assumeIsolated().whenSuccess {
            milliseconds = $0.tcpi_last_data_recv
        }
        return .milliseconds(Int64(milliseconds))
    }
}
