import Glibc
import NIOCore

/// How long a request lay in the node's socket before it was read. Of a node that was frozen, or that had no room for
/// its connection, that may be longer than a call lasts: its caller has been told long since that nobody knows what
/// became of it, and may have decided otherwise.
enum UnreadTime {
    /// Since the last bytes came in on a connection, as the kernel counts it (Linux, tcp(7), `TCP_INFO`): never longer
    /// than since the request's own last byte. Zero where nobody counts, and off the connection's event loop.
    static func of(_ channel: any Channel) -> Duration {
        guard channel.eventLoop.inEventLoop, let socket = channel as? any SocketOptionProvider else {
            return .zero
        }
        var milliseconds: UInt32 = 0
        // On the event loop it is answered before the call returns.
        socket.getTCPInfo().assumeIsolated().whenSuccess { milliseconds = $0.tcpi_last_data_recv }
        return .milliseconds(Int64(milliseconds))
    }
}
