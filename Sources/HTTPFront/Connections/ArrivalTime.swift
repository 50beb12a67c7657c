import Glibc
import NIOCore

/// When a request came in, told by the connection, which sees it come.
enum ArrivalTime {
    /// When what a connection reads now came in. On the connection's event loop.
    static func now(on channel: any Channel) -> ContinuousClock.Instant { .now - unread(channel) }

    /// Since the last bytes came in on a connection, as the kernel counts it (Linux, tcp(7), `TCP_INFO`): never longer
    /// than since the request's own last byte. Zero where nobody counts.
    private static func unread(_ channel: any Channel) -> Duration {
        var milliseconds: UInt32 = 0
        // On the event loop it is answered before the call returns.
        (channel as? any SocketOptionProvider)?.getTCPInfo().assumeIsolated().whenSuccess {
            milliseconds = $0.tcpi_last_data_recv
        }
        return .milliseconds(Int64(milliseconds))
    }
}
