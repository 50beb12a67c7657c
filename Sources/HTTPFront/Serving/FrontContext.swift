import Hummingbird
import NIOCore

/// What Hummingbird knows of a request besides itself.
struct FrontContext: InitializableFromSource, Sendable {
    private let peer: Peer
    /// How long the request had lain in the node's socket.
    let unread: Duration
    /// Where the call's work goes on after it has waited; anywhere if there is none.
    let executor: (any TaskExecutor)?

    /// Few calls ask for the address, so it is made when one does.
    private enum Peer {
        case address(String)
        case channel(any Channel)
    }

    init(address: String, unread: Duration = .zero) {
        peer = .address(address)
        self.unread = unread
        executor = nil
    }

    init(source: ApplicationRequestContextSource) {
        peer = .channel(source.channel)
        unread = UnreadTime.of(source.channel)
        executor = LoopExecutor.of(source.channel.eventLoop)
    }

    /// Where the connection comes from.
    var address: String {
        switch peer {
        case .address(let address): address
        case .channel(let channel): channel.remoteAddress?.ipAddress ?? "unknown"
        }
    }
}
