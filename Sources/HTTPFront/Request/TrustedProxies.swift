import Glibc
import HTTPTypes
import NIOCore

/// The proxies whose `X-Forwarded-For` and `Forwarded` are trusted. Other clients can write anything into these headers.
package struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let address: IPAddress
        let prefixLength: Int
    }

    private let networks: [Network]

    /// No proxies: the headers are ignored.
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
            guard pieces.count <= 2, let address = IPAddress(String(pieces[0])) else { return nil }
            let bits = address.bytes.count * 8
            guard let length = pieces.count == 2 ? Int(pieces[1]) : bits, (0...bits).contains(length) else {
                return nil
            }
            networks.append(Network(address: address, prefixLength: length))
        }
        self.init(networks: networks)
    }

    /// Whether a client used TLS up to a trusted proxy, as the proxy says. This service itself speaks plain HTTP.
    func clientUsedTLS(peer: String, _ headers: HTTPFields) -> Bool {
        guard let proxy = IPAddress(peer), contains(proxy) else { return false }
        let protocols = headers[values: .xForwardedProto]
        return protocols.count == 1 && protocols[0].lowercased() == "https"
    }

    /// The client's address: the last one that no trusted proxy has added.
    ///
    /// A proxy that writes one of the two headers passes on the other as the client wrote it. So if both are there and
    /// name different clients, neither is believed, and the address is the proxy's own.
    func client(peer: String, _ headers: HTTPFields) -> String {
        guard !networks.isEmpty, let proxy = IPAddress(peer), contains(proxy) else { return peer }
        let chains = [
            ForwardedHeader.xForwardedFor(headers), ForwardedHeader.forwarded(headers),
        ].filter { !$0.isEmpty }
        let clients = chains.map { client(behind: proxy, $0) }
        guard let client = clients.first, clients.allSatisfy({ $0 == client }) else { return peer }
        return client == proxy ? peer : client.text
    }

    /// - Parameter chain: The addresses from the client to the last proxy but one; `nil` for what is no address.
    private func client(behind proxy: IPAddress, _ chain: [IPAddress?]) -> IPAddress {
        var client = proxy
        for address in chain.reversed() {
            guard let address else { break }
            client = address
            guard contains(address) else { break }
        }
        return client
    }

    /// Whether an address is a trusted proxy's.
    func contains(_ address: String) -> Bool { IPAddress(address).map(contains) ?? false }

    private func contains(_ address: IPAddress) -> Bool {
        networks.contains { network in
            network.address.bytes.count == address.bytes.count
                && zip(network.address.bytes, address.bytes).enumerated().allSatisfy { index, pair in
                    let bits = min(8, max(0, network.prefixLength - index * 8))
                    let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
                    return pair.0 & mask == pair.1 & mask
                }
        }
    }
}

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address counts as the IPv4 address.
struct IPAddress: Equatable {
    /// The bytes in network order: 4 or 16.
    let bytes: [UInt8]

    /// - Returns: `nil` if the text is no address.
    init?(_ text: String) {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
            return
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        let mapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10..<12].allSatisfy { $0 == 0xFF }
        bytes = mapped ? Array(sixteen[12...]) : sixteen
    }

    /// What counts as one client: an IPv4 address, and the /64 of an IPv6 address, which is the least that a subscriber
    /// has (RFC 6177).
    var network: String {
        bytes.count == 4 ? text : IPAddress(bytes: bytes[..<8] + Array(repeating: 0, count: 8)).text + "/64"
    }

    /// The network of an address; the text itself if it is not an address.
    static func network(of text: String) -> String { IPAddress(text)?.network ?? text }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The one text of the address (RFC 5952).
    var text: String {
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &characters, socklen_t(characters.count))
        return String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// The other end of a connection.
enum Peer: Sendable {
    case address(String)
    /// The channel of the connection. Few calls need the address, so it is read on demand.
    case channel(any Channel)

    /// Closes the connection, if it is one.
    func close() {
        if case .channel(let channel) = self { channel.close(promise: nil) }
    }

    var address: String {
        switch self {
        case .address(let address): address
        case .channel(let channel): channel.remoteAddress?.ipAddress ?? "unknown"
        }
    }
}
