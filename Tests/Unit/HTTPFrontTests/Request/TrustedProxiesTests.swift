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
        "An address may have a port, brackets and quotes",
        arguments: [
            ("192.0.2.1:4711", "192.0.2.1"), (" \t192.0.2.1 \t", "192.0.2.1"),
            ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:4711", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"), ("2001:DB8:0:0::1", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"),
            ("[::ffff:192.0.2.1]:4711", "192.0.2.1"),
            ("198.51.100.1:1, 192.0.2.1:2, 10.0.0.7:3", "192.0.2.1"),
        ])
    func formsOfAnAddress(_ forwarded: String, _ address: String) throws {
        #expect(try client("10.0.0.0/24", peer: "10.0.0.1", forwarded) == address)
    }

    @Test(
        "What is no address counts as the proxy's own",
        arguments: [
            "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:123456", "[192.0.2.1]", "[2001:db8::1", "2001:db8::1]",
            "[2001:db8::1]4711", "[2001:db8::1]:", "unknown", "_hidden", "", "192.0.2.1,", "\"192.0.2.1",
        ])
    func noAddress(_ forwarded: String) throws {
        #expect(try client("10.0.0.1", peer: "10.0.0.1", forwarded) == "10.0.0.1")
    }

    @Test(
        "Forwarded of a trusted proxy is used",
        arguments: [
            (["for=192.0.2.1"], "192.0.2.1"), (["For=192.0.2.1:4711;proto=http;by=203.0.113.9"], "192.0.2.1"),
            (["for=\"[2001:db8::1]:4711\""], "2001:db8::1"), (["proto=http; for=\"192.0.2.1\""], "192.0.2.1"),
            (["for=198.51.100.1, for=192.0.2.1"], "192.0.2.1"),
            (["for=198.51.100.1", "for=192.0.2.1, for=10.0.0.7"], "192.0.2.1"),
            (["by=\"a,b;for=198.51.100.1\";for=192.0.2.1"], "192.0.2.1"),
            (["for=\"192.0.2\\.1\""], "192.0.2.1"),
            (["for=unknown"], "10.0.0.1"), (["for=_hidden"], "10.0.0.1"), (["proto=https"], "10.0.0.1"),
            (["for=192.0.2.1, for=unknown"], "10.0.0.1"), (["for=192.0.2.1;for=198.51.100.1"], "10.0.0.1"),
            (["for=192.0.2.1, proto=http"], "10.0.0.1"), (["for=\"192.0.2.1"], "10.0.0.1"),
            (["for = 192.0.2.1"], "10.0.0.1"), (["nonsense"], "10.0.0.1"), ([""], "10.0.0.1"),
        ])
    func forwarded(_ values: [String], _ address: String) throws {
        var headers = HTTPFields()
        for value in values { headers.append(try field("Forwarded", value)) }
        #expect(
            try #require(TrustedProxies("10.0.0.0/24")).client(peer: "10.0.0.1", headers) == address)
        #expect(try #require(TrustedProxies("")).client(peer: "10.0.0.1", headers) == "10.0.0.1")
    }

    /// A proxy that writes one of the headers passes on the other as the client wrote it.
    @Test("Of two headers that differ neither is believed")
    func twoHeadersThatDiffer() throws {
        let proxies = try #require(TrustedProxies("10.0.0.0/24"))
        for (value, address) in [
            ("for=192.0.2.1", "192.0.2.1"), ("for=198.51.100.1", "10.0.0.1"), ("for=unknown", "10.0.0.1"),
        ] {
            var headers = HTTPFields()
            headers.append(try field("X-Forwarded-For", "192.0.2.1:80"))
            headers.append(try field("Forwarded", value))
            #expect(proxies.client(peer: "10.0.0.1", headers) == address)
        }
    }

    private func field(_ name: String, _ value: String) throws -> HTTPField {
        HTTPField(name: try #require(HTTPField.Name(name)), value: value)
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
