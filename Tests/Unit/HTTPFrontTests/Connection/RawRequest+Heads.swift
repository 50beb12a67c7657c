extension RawRequest {
    /// Request lines: method, target, version.
    static let lines: [RawRequest] = [
        .kept("a GET", get(), 200),
        .kept("an empty line before the request", "\r\n" + get(), 200),
        .kept("a HEAD", line("HEAD /livez HTTP/1.1"), 200),
        .kept("OPTIONS of a path", line("OPTIONS /livez HTTP/1.1"), 200, with: "Allow: GET, HEAD, OPTIONS"),
        .kept(
            "OPTIONS of a call", line("OPTIONS \(TestServerFixture.loginPath) HTTP/1.1"), 200,
            with: "Allow: OPTIONS, POST"),
        .kept("OPTIONS *", line("OPTIONS * HTTP/1.1"), 200, with: "Allow: GET, HEAD, OPTIONS, POST"),
        .kept("OPTIONS of no path", line("OPTIONS /nowhere HTTP/1.1"), 404),
        .kept("another method", line("PUT /livez HTTP/1.1"), 405, with: "Allow: GET, HEAD, OPTIONS"),
        .kept("TRACE", line("TRACE /livez HTTP/1.1"), 405, with: "Allow: GET, HEAD, OPTIONS"),
        .kept("an unknown method", line("BREW /livez HTTP/1.1"), 501),
        .kept("a method of WebDAV", line("PROPFIND /livez HTTP/1.1"), 501),
        .kept("a method in lower case", line("get /livez HTTP/1.1"), 501),
        .closed("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405, with: "Allow: "),
        .closed(
            "CONNECT with bytes behind it", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\u{16}\u{3}\u{1}",
            405),
        .closed("no request line", "nonsense\r\n\r\n", 400),
        .closed("a TLS greeting", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
        .closed("no version", "GET /livez\r\n\r\n", 400),
        .closed("no method", line(" /livez HTTP/1.1"), 400),
        .closed("a method that is no token", line("G@T /livez HTTP/1.1"), 400),
        .closed("two spaces", line("GET  /livez HTTP/1.1"), 400),
        .closed("a tab for a space", line("GET\t/livez HTTP/1.1"), 400),
        .closed("a space at the line's end", line("GET /livez HTTP/1.1 "), 400),
        .closed("a space within the target", line("GET /li vez HTTP/1.1"), 400),
        .closed("a version in lower case", line("GET /livez http/1.1"), 400),
        .closed("a version of two digits", line("GET /livez HTTP/1.10"), 400),
        .kept("a later minor version", line("GET /livez HTTP/1.2"), 200),
        .closed("HTTP/1.0 without a Host", "GET /livez HTTP/1.0\r\n\r\n", 200),
        .closed("HTTP/1.0 with keep-alive", "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
        .closed("HTTP/0.9", line("GET /livez HTTP/0.9"), 505),
        .closed("HTTP/2.0", line("GET /livez HTTP/2.0"), 505),
        .closed("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        .kept("the absolute form", line("GET http://a/livez HTTP/1.1"), 200),
        .kept("the absolute form of another host", line("GET http://b:81/livez HTTP/1.1"), 200),
        .kept("the absolute form in upper case", line("GET HTTP://A/livez HTTP/1.1"), 200),
        .kept("the absolute form with a query", line("GET https://a/livez?b=c:d HTTP/1.1"), 200),
        .kept("the absolute form without a path", line("GET http://a?b HTTP/1.1"), 303),
        .closed("the absolute form without a host", line("GET http:///livez HTTP/1.1"), 400),
        .closed("the absolute form with a user", line("GET http://u@a/livez HTTP/1.1"), 400),
        .closed("another scheme", line("GET ftp://a/livez HTTP/1.1"), 400),
        .closed("a relative target", line("GET livez HTTP/1.1"), 400),
        .closed("GET *", line("GET * HTTP/1.1"), 400),
        .closed("the authority form", line("GET a:80 HTTP/1.1"), 400),
        .closed("a fragment", line("GET /livez#a HTTP/1.1"), 400),
        .closed("a control character in the target", line("GET /livez\u{1} HTTP/1.1"), 400),
        .kept(
            "a target of 8000 bytes", line("GET /livez?" + String(repeating: "x", count: 8000) + " HTTP/1.1"),
            200),
        .closed(
            "a target that is too long", line("GET /" + String(repeating: "x", count: 20_000) + " HTTP/1.1"),
            414),
    ]

    /// Header lines, `Host` and `Connection` among them.
    static let fields: [RawRequest] = [
        .kept("a Host with a port", hosts("a.example:8080"), 200),
        .kept("a Host in IPv6", hosts("[2001:db8::1]:80"), 200),
        .kept("an empty Host", hosts(""), 200),
        .closed("no Host", hosts(), 400),
        .closed("two Hosts", hosts("a", "b"), 400),
        .closed("the same Host twice", hosts("a", "a"), 400),
        .closed("two Hosts in HTTP/1.0", "GET /livez HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        .closed("a Host with a space", hosts("a b"), 400),
        .closed("a Host with a path", hosts("a/b"), 400),
        .closed("a Host with a user", hosts("u@a"), 400),
        .closed("a Host with a wrong port", hosts("a:x"), 400),
        .closed("a Host with two ports", hosts("a:80:90"), 400),
        .closed("a Host in half IPv6", hosts("[::1"), 400),
        .kept("an empty value", get("X-Empty:"), 200),
        .kept("white space around a value", get("X-Padded: \t a \t"), 200),
        .kept("a value beyond ASCII", get("X-Name: \u{E9}"), 200),
        .closed("no colon", get("no colon"), 400),
        .closed("a space before the colon", get("X-Name : a"), 400),
        .closed("no name", get(": a"), 400),
        .closed("a name that is no token", get("X(Y): a"), 400),
        .closed("a folded line", get("X-Folded: a", " b"), 400),
        .closed("white space before the first line", "GET /livez HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        .closed("a zero byte in a value", get("X-Zero: a\u{0}b"), 400),
        .closed("a control character in a value", get("X-Control: a\u{1}b"), 400),
        .closed("a bare CR in a value", get("X-Return: a\rb"), 400),
        .closed("a bare LF at a line's end", "GET /livez HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400),
        .closed("bare LFs alone", "GET /livez HTTP/1.1\nHost: a\n\n", 400),
        .kept(
            "100 header lines",
            "GET /livez HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 99) + "Host: a\r\n\r\n", 200),
        .closed(
            "101 header lines",
            "GET /livez HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 100) + "Host: a\r\n\r\n", 431),
        .closed(
            "a header line that is too long", get("X-Long: " + String(repeating: "x", count: 40_000)), 431),
        .closed(
            "a header that is too long",
            get(
                "X-A: " + String(repeating: "x", count: 16_000),
                "X-B: " + String(repeating: "x", count: 17_000)), 431),
        .kept("Connection: keep-alive", get("Connection: keep-alive"), 200),
        .closed(
            "Connection: close among others", get("Connection: TE, Close"), 200, with: "Connection: close"),
        .closed("Connection: close in a second line", get("Connection: TE", "Connection: close"), 200),
        .kept("an unknown expectation", get("Expect: a-miracle"), 200),
        .kept(
            "an offer of h2c",
            get(
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), 200),
        .kept("an offer of TLS", get("Connection: Upgrade", "Upgrade: TLS/1.0"), 200),
        .kept(
            "an offer of a websocket",
            get(
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 200),
        .kept("an offer with a body", post("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 2"), 401),
        .kept(
            "two offers at once",
            get("Connection: Upgrade", "Upgrade: h2c") + get("Connection: Upgrade", "Upgrade: h2c"), 200, 200),
        .closed("an offer with close", get("Connection: Upgrade, close", "Upgrade: h2c"), 200),
    ]
}
