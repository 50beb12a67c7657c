import Hummingbird
import NIOCore

/// What Hummingbird knows of a request besides itself.
struct FrontContext: InitializableFromSource, Sendable {
    private let peer: Peer

    /// Few calls ask for the address, so it is made when one does.
    private enum Peer {
        case address(String)
        case channel(any Channel)
    }

    init(address: String) {
        peer = .address(address)
    }

    init(source: ApplicationRequestContextSource) {
        peer = .channel(source.channel)
    }

    /// Where the connection comes from.
    var address: String {
        switch peer {
        case .address(let address): address
        case .channel(let channel): channel.remoteAddress?.ipAddress ?? "unknown"
        }
    }
}
