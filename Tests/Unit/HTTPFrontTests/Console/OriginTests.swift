import Testing

@testable import HTTPFront

/// Tests of the comparison of the origin that a browser names with the one that it has called.
@Suite struct OriginTests {
    @Test(
        "Two origins are equal if scheme, host and port are",
        arguments: [
            ("https://billing.example", "https", "billing.example"),
            ("https://billing.example", "https", "billing.example:443"),
            ("https://billing.example:443", "https", "billing.example"),
            ("http://localhost", "http", "localhost:80"),
            ("http://localhost:80", "http", "localhost"),
            ("http://localhost", "http", "localhost:"),
            ("http://LOCALHOST:8080", "http", "LocalHost:8080"),
            ("HTTPS://billing.example", "https", "Billing.Example"),
            ("http://[::1]:8080", "http", "[0:0:0:0:0:0:0:1]:8080"),
            ("https://[2001:db8::a]", "https", "[2001:DB8::A]:443"),
        ])
    func equal(_ origin: String, _ scheme: String, _ authority: String) throws {
        #expect(try #require(Origin(origin)) == Origin(scheme: scheme, authority: authority))
    }

    @Test(
        "Two origins differ by any of scheme, host and port",
        arguments: [
            ("http://billing.example", "https", "billing.example"),
            ("https://billing.example", "http", "billing.example"),
            ("https://billing.example:80", "https", "billing.example"),
            ("http://billing.example:443", "http", "billing.example:80"),
            ("https://billing.example.evil.example", "https", "billing.example"),
            ("https://[::1]", "https", "[::2]"), ("https://[::1]", "https", "::1"),
            ("https://[::ffff:127.0.0.1]", "https", "127.0.0.1"),
        ])
    func different(_ origin: String, _ scheme: String, _ authority: String) {
        #expect(Origin(origin) != nil && Origin(origin) != Origin(scheme: scheme, authority: authority))
    }

    @Test(
        "What is no origin is equal to none",
        arguments: [
            "", "null", "billing.example", "ftp://billing.example", "https:billing.example", "https://",
            "https://billing.example/", "https://user@billing.example", "https://billing.example:0",
            "https://billing.example:65536", "https://billing.example:44x", "https://[::1",
            "https://[1.2.3.4]",
            "https://a.example https://b.example", "https://a.example, https://b.example",
            "https://é.example",
        ])
    func noOrigin(_ text: String) {
        #expect(Origin(text) == nil)
    }
}
