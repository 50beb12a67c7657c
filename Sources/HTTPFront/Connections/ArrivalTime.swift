import Glibc
import HTTPTypes
import NIOCore

/// When a request came in: told by the connection, which sees it come, to whoever counts the call's time. A request may
/// have lain in the socket of a node that was frozen, or behind others of its connection, for longer than a call lasts:
/// its caller has been told long since that nobody knows what became of it, and may have decided otherwise.
enum ArrivalTime {
    /// In nanoseconds since `epoch`. What a client says under this name is thrown away.
    private static let header = HTTPField.Name("X-Countersign-Arrival")!
    private static let epoch = ContinuousClock.now

    /// Takes note of the time, on the connection's event loop.
    static func note(in request: inout HTTPRequest, on channel: any Channel) {
        note(.now - unread(channel), in: &request.headerFields)
    }

    static func note(_ arrival: ContinuousClock.Instant, in headers: inout HTTPFields) {
        let time = (arrival - epoch).components
        headers[header] = String(time.seconds * 1_000_000_000 + time.attoseconds / 1_000_000_000)
    }

    /// - Returns: What was noted; `nil` of a request that no connection has brought.
    static func of(_ headers: HTTPFields) -> ContinuousClock.Instant? {
        headers[header].flatMap { Int64($0) }.map { epoch + .nanoseconds($0) }
    }

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
