import HTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the client's address behind trusted proxies.
@Suite struct TrustedProxiesTests {
    private func client(_ trusted: String, peer: String, _ forwarded: String...) throws -> String {
        var headers = HTTPFields()
        let name = try #require(HTTPField.Name("X-Forwarded-For"))
        for value in forwarded { headers.append(HTTPField(name: name, value: value)) }
        return try #require(TrustedProxies(trusted)).client(peer: peer, headers)
    }

    @Test("X-Forwarded-For of an untrusted peer is ignored")
    func nobodyIsBelievedUnlessItIsSaid() throws {
        #expect(try client("", peer: "10.0.0.1", "192.0.2.1") == "10.0.0.1")
        #expect(try client("10.0.0.2", peer: "10.0.0.1", "192.0.2.1") == "10.0.0.1")
    }

    @Test("X-Forwarded-For of a trusted proxy is used")
    func aTrustedProxyIsBelieved() throws {
        #expect(try client("10.0.0.1", peer: "10.0.0.1", "192.0.2.1") == "192.0.2.1")
        #expect(try client("10.0.0.0/8", peer: "10.9.8.7", "192.0.2.1") == "192.0.2.1")
        #expect(try client("fd00::/8", peer: "fd12::1", "2001:db8::1") == "2001:db8::1")
        #expect(try client("10.0.0.1", peer: "::ffff:10.0.0.1", "192.0.2.1") == "192.0.2.1")
        #expect(try client("10.0.0.1", peer: "10.0.0.1") == "10.0.0.1")
    }

    @Test("An address that the client wrote itself is ignored")
    func whatAClientWroteItselfIsNotBelieved() throws {
        #expect(try client("10.0.0.1", peer: "10.0.0.1", "198.51.100.1, 192.0.2.1") == "192.0.2.1")
        #expect(try client("10.0.0.1", peer: "10.0.0.1", "198.51.100.1", "192.0.2.1") == "192.0.2.1")
        #expect(try client("10.0.0.1", peer: "10.0.0.1", "nonsense") == "10.0.0.1")
        #expect(try client("10.0.0.1", peer: "10.0.0.1", "198.51.100.1, nonsense") == "10.0.0.1")
    }

    @Test("A chain of trusted proxies is followed back to the client")
    func severalTrustedProxiesAreGoneBackThrough() throws {
        #expect(
            try client("10.0.0.0/24", peer: "10.0.0.1", "198.51.100.1, 192.0.2.1, 10.0.0.7") == "192.0.2.1")
        #expect(try client("10.0.0.0/24", peer: "10.0.0.1", "10.0.0.9, 10.0.0.7") == "10.0.0.9")
    }

    @Test(
        "A network contains its addresses alone",
        arguments: [
            ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("10.0.0.1/32", "10.0.0.2", false),
            ("10.0.0.0/8", "fd00::1", false),
        ])
    func networks(_ trusted: String, _ peer: String, isTrusted: Bool) throws {
        #expect(try client(trusted, peer: peer, "192.0.2.1") == (isTrusted ? "192.0.2.1" : peer))
    }

    @Test(
        "A malformed list of proxies is refused",
        arguments: ["10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "a", "10.0.0.1,", ",", "::/129"])
    func nonsenseIsRefused(_ text: String) {
        #expect(TrustedProxies(text) == nil)
    }
}
