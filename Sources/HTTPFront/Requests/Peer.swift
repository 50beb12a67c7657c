import NIOCore

/// Where a connection comes from.
enum Peer: Sendable {
    case address(String)
    /// Few calls ask for the address, so it is made when one does.
    case channel(any Channel)

    var address: String {
        switch self {
        case .address(let address): address
        case .channel(let channel): channel.remoteAddress?.ipAddress ?? "unknown"
        }
    }
}
