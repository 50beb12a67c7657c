import Glibc
import HummingbirdCore
import Logging
import NIOCore
import Scheduling

/// The bound on the open connections of a listener, those that are being closed included. At the bound the listener
/// accepts the next connection when another one is closed.
///
/// It keeps the process from using up its files. `ConnectionShares` has a lower bound, at which it closes a connection
/// for each new one, so that the listener meets this one only for moments.
struct ConnectionBound: AvailableConnectionsDelegate {
    private let maximum: Int
    private var count = 0

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// The bound for the connections that are not being closed.
    var shared: Int { maximum - max(1, maximum / 16) }

    mutating func connectionOpened() { count += 1 }

    mutating func connectionClosed() { count -= 1 }

    func isAcceptingNewConnections() -> Bool { count < maximum }
}

/// A pause in accepting connections while no more files can be opened. It is logged, at most once a minute.
///
/// NIO's own `AcceptBackoffHandler` logs nothing. It also leaves the socket registered for reading, so that the event
/// loop spins until files can be opened again.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// The time after which accepting is tried again.
    static let length = TimeAmount.seconds(1)

    private let logger: Logger
    private var warnings = WarningLimit()

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError,
            [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode),
            let options = context.channel.syncOptions
        else { return context.fireErrorCaught(error) }
        if warnings.admits(now: .now) {
            logger.error(
                "no connection can be accepted; accepting pauses for a second at a time",
                metadata: ["error": "\(String(cString: strerror(error.errnoCode)))"])
        }
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) {
            // The channel may be closed by then.
            try? options.setOption(.autoRead, value: true)
        }
    }
}
