import Glibc
import HTTPTypes
import NIOCore

/// The proxies whose `X-Forwarded-For` is trusted. Other clients can write anything into that header.
package struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: [UInt8]
        let prefixLength: Int
    }

    private let networks: [Network]

    /// No proxies: the header is ignored.
    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// - Parameter text: Addresses and networks, with commas between: `10.0.0.7,172.16.0.0/12,fd00::/8`.
    /// - Returns: `nil` for any other text.
    package init?(_ text: String) {
        var networks: [Network] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let address = Self.bytes(String(pieces[0])) else { return nil }
            let bits = address.count * 8
            guard let length = pieces.count == 2 ? Int(pieces[1]) : bits, (0...bits).contains(length) else {
                return nil
            }
            networks.append(Network(address: address, prefixLength: length))
        }
        self.init(networks: networks)
    }

    /// The client's address: the last one that no trusted proxy has added.
    func client(peer: String, _ headers: HTTPFields) -> String {
        guard !networks.isEmpty, contains(peer), let name = HTTPField.Name("X-Forwarded-For") else {
            return peer
        }
        let forwarded = headers[values: name].flatMap { $0.split(separator: ",") }.map {
            String($0.drop { $0 == " " }.prefix { $0 != " " })
        }
        var client = peer
        for address in forwarded.reversed() {
            guard Self.bytes(address) != nil else { break }
            client = address
            guard contains(address) else { break }
        }
        return client
    }

    private func contains(_ text: String) -> Bool {
        guard let address = Self.bytes(text) else { return false }
        return networks.contains { network in
            network.address.count == address.count
                && zip(network.address, address).enumerated().allSatisfy { index, pair in
                    let bits = min(8, max(0, network.prefixLength - index * 8))
                    let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
                    return pair.0 & mask == pair.1 & mask
                }
        }
    }

    /// The bytes of an IPv4 or IPv6 address. An IPv4-mapped IPv6 address counts as the IPv4 address.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let mapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10..<12].allSatisfy { $0 == 0xFF }
        return mapped ? Array(sixteen[12...]) : sixteen
    }
}

/// The other end of a connection.
enum Peer: Sendable {
    case address(String)
    /// The channel of the connection. Few calls need the address, so it is read on demand.
    case channel(any Channel)

    var address: String {
        switch self {
        case .address(let address): address
        case .channel(let channel): channel.remoteAddress?.ipAddress ?? "unknown"
        }
    }
}
