extension RawRequest {
    /// Bodies with a length, and requests one behind the other.
    static let lengths: [RawRequest] = [
        .kept("a body", post("Content-Length: 2"), 401),
        .kept("a length with zeros before it", post("Content-Length: 002"), 401),
        .kept("no length, so no body", post(body: ""), 400, with: "INVALID_JSON"),
        .kept("an empty body", post("Content-Length: 0", body: ""), 400, with: "INVALID_JSON"),
        .kept("a GET with a body", get("Content-Length: 2") + "{}", 200),
        .closed("an empty length", post("Content-Length:"), 400, with: "INVALID_PARAMETER"),
        .closed("a length with a plus", post("Content-Length: +2"), 400, with: "INVALID_PARAMETER"),
        .closed("a negative length", post("Content-Length: -1"), 400, with: "INVALID_PARAMETER"),
        .closed("a hexadecimal length", post("Content-Length: 0x2"), 400, with: "INVALID_PARAMETER"),
        .closed("a length of two words", post("Content-Length: 2 2"), 400, with: "INVALID_PARAMETER"),
        .closed(
            "two lengths", post("Content-Length: 2", "Content-Length: 3"), 400, with: "INVALID_PARAMETER"),
        .closed(
            "the same length twice", post("Content-Length: 2", "Content-Length: 2"), 400,
            with: "INVALID_PARAMETER"),
        .closed("a list of lengths", post("Content-Length: 2, 2"), 400, with: "INVALID_PARAMETER"),
        .closed("a length beyond the limit", post("Content-Length: 262145", body: ""), 413),
        .closed("the largest length", post("Content-Length: 9223372036854775807", body: ""), 413),
        .closed(
            "a length of 2^63", post("Content-Length: 9223372036854775808", body: ""), 400,
            with: "INVALID_PARAMETER"),
        .closed(
            "a length of 2^64", post("Content-Length: 18446744073709551616", body: ""), 400,
            with: "INVALID_PARAMETER"),
        .closed(
            "a length of 2^63 with an expectation",
            post("Expect: 100-continue", "Content-Length: 9223372036854775808", body: ""), 400),
        .closed(
            "a length beyond the limit with an expectation",
            post("Expect: 100-continue", "Content-Length: 262145", body: ""), 413),
        .kept("an expectation whose body has come", post("Expect: 100-continue", "Content-Length: 2"), 401),
        .kept("an expectation without a body", get("Expect: 100-continue"), 200),
        .kept("three requests", get() + get() + get(), 200, 200, 200),
        .kept("requests with and without bodies", get() + post("Content-Length: 2") + get(), 200, 401, 200),
        .kept(
            "requests with chunked bodies", chunked("2\r\n{}\r\n0\r\n\r\n") + chunked("2\r\n{}\r\n0\r\n\r\n"),
            401, 401),
        .closed("nonsense behind a request", get() + "nonsense\r\n\r\n", 200, 400),
        .closed("CONNECT behind a request", get() + "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 200, 405),
    ]

    /// Transfer codings.
    static let codings: [RawRequest] = [
        .kept("a chunked body", chunked("2\r\n{}\r\n0\r\n\r\n"), 401),
        .kept(
            "a coding in upper case", post("Transfer-Encoding: Chunked", body: "2\r\n{}\r\n0\r\n\r\n"), 401),
        .kept("several chunks", chunked("1\r\n{\r\n01\r\n}\r\n000\r\n\r\n"), 401),
        .kept(
            "a size in upper and lower case",
            chunked("A\r\n{        }\r\n0\r\n\r\n") + chunked("a\r\n{        }\r\n0\r\n\r\n"), 401, 401),
        .kept("chunk extensions", chunked("2;a=b;c=\"d e\"\r\n{}\r\n0 ;f\r\n\r\n"), 401),
        .kept("trailers", chunked("2\r\n{}\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"), 401),
        .kept("no chunks", chunked("0\r\n\r\n"), 400, with: "INVALID_JSON"),
        .closed("gzip", post("Transfer-Encoding: gzip"), 501),
        .closed("gzip in chunks", post("Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n"), 501),
        .closed("chunks in gzip", post("Transfer-Encoding: chunked, gzip", body: "0\r\n\r\n"), 501),
        .closed(
            "two lines of codings",
            post("Transfer-Encoding: gzip", "Transfer-Encoding: chunked", body: "0\r\n\r\n"), 501),
        .closed("identity", post("Transfer-Encoding: identity", body: ""), 501),
        .closed("an unknown coding", post("Transfer-Encoding: xchunked", body: "0\r\n\r\n"), 501),
        .closed(
            "chunks in chunks", post("Transfer-Encoding: chunked, chunked", body: "0\r\n\r\n"), 400,
            with: "INVALID_PARAMETER"),
        .closed("no coding", post("Transfer-Encoding:", body: "0\r\n\r\n"), 400, with: "INVALID_PARAMETER"),
        .closed(
            "a coding and a length",
            post("Transfer-Encoding: chunked", "Content-Length: 2", body: "0\r\n\r\n"), 400,
            with: "INVALID_PARAMETER"),
        .closed(
            "a length and a coding",
            post("Content-Length: 2", "Transfer-Encoding: chunked", body: "0\r\n\r\n"), 400,
            with: "INVALID_PARAMETER"),
        .closed(
            "a coding in HTTP/1.0",
            "POST \(TestServerFixture.acceptPath) HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, with: "INVALID_PARAMETER"),
        .closed("a size that is no number", chunked("zz\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a size with a prefix", chunked("0x2\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a size with a sign", chunked("+2\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("no size", chunked("\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a size with a space", chunked("2 \r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a size beyond 64 bits", chunked("10000000000000002\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a chunk that is longer than its size", chunked("1\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a bare LF behind a size", chunked("2\n{}\r\n0\r\n\r\n"), 400),
        .closed("a bare LF behind a chunk", chunked("2\r\n{}\n0\r\n\r\n"), 400),
        .closed(
            "a size line that is too long",
            chunked("2;" + String(repeating: "x", count: 40_000) + "\r\n{}\r\n0\r\n\r\n"), 400),
        .closed("a trailer without a colon", chunked("2\r\n{}\r\n0\r\nno colon\r\n\r\n"), 400),
        .closed(
            "trailers that are too long",
            chunked("2\r\n{}\r\n0\r\nX: " + String(repeating: "x", count: 40_000) + "\r\n\r\n"), 400),
    ]
}
