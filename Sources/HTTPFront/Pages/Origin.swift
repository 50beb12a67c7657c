/// The origin of a page: its scheme, its host and its port (RFC 6454). Two are equal if a browser takes them for the
/// same.
package struct Origin: Equatable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// The name in lower case, or the one text of an IPv6 address, in brackets.
    let host: String
    let port: Int

    /// Reads the header `Origin` (RFC 6454, section 7). It has no path, and no user.
    ///
    /// - Returns: `nil` for `null`, for several origins, and for other schemes.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("//") else { return nil }
        self.init(scheme: parts[0].lowercased(), authority: parts[1].dropFirst(2))
    }

    /// - Parameters:
    ///   - scheme: The scheme in lower case.
    ///   - authority: The host, perhaps with a port, as the header `Host` has it.
    init?(scheme: String, authority: some StringProtocol) {
        guard let defaultPort = ["http": 80, "https": 443][scheme] else { return nil }
        let end: Substring.Index
        let authority = Substring(authority)
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]"),
                let address = IPAddress(String(authority[..<bracket].dropFirst())),
                authority[..<bracket].contains(":")
            else { return nil }
            host = "[\(address.text)]"
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
            guard end != authority.startIndex, authority[..<end].utf8.allSatisfy(Self.isOfName) else {
                return nil
            }
            host = authority[..<end].lowercased()
        }
        let rest = authority[end...]
        guard rest.isEmpty || rest.first == ":" else { return nil }
        let digits = rest.dropFirst()
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = digits.isEmpty ? defaultPort : Int(digits), (1...65535).contains(port)
        else { return nil }
        self.scheme = scheme
        self.port = port
    }

    /// Whether a byte can be in the name of a host, which browsers write in ASCII.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension SiteRequest {
    /// The origin that the browser has called; `nil` if the header `Host` is missing or damaged. Its scheme is what a
    /// trusted proxy says of the client, or plain HTTP.
    package var origin: Origin? { Origin(scheme: usesTLS ? "https" : "http", authority: authority) }
}
