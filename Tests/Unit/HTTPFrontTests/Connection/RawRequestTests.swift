import NIOCore
import Testing

@testable import HTTPFront

/// Tests of HTTP/1.1 to the letter, on a real socket: bytes in, statuses out, and whether the connection goes on.
@Suite struct RawRequestTests {
    /// The request that finds out whether the connection goes on.
    private static let probe =
        "GET /readyz HTTP/1.1\r\nHost: a\r\nX-Request-Id: probe\r\nConnection: close\r\n\r\n"

    @Test("A request line is read to the letter", arguments: RawRequest.lines)
    func lines(_ request: RawRequest) async throws { try await check(request) }

    @Test("Header lines are read to the letter", arguments: RawRequest.fields)
    func fields(_ request: RawRequest) async throws { try await check(request) }

    @Test("Lengths are read to the letter", arguments: RawRequest.lengths)
    func lengths(_ request: RawRequest) async throws { try await check(request) }

    @Test("Transfer codings are read to the letter", arguments: RawRequest.codings)
    func codings(_ request: RawRequest) async throws { try await check(request) }

    private func check(_ request: RawRequest) async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(request.bytes + Self.probe)
            var statuses = text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.output.1) }
            let isKept = text.contains("X-Request-Id: probe")
            if isKept { #expect(statuses.popLast() == 200) }
            #expect(statuses == request.statuses, "\(text)")
            #expect(isKept == request.isKept, "\(text)")
            #expect(text.contains(request.text), "\(text)")
        }
    }

    @Test("A request arrives in any pieces", arguments: RawRequest.codings.filter(\.isKept))
    func pieces(_ request: RawRequest) async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.connect().run { reader, outbound in
                for byte in (request.bytes + Self.probe).utf8 {
                    try await outbound.write(ByteBuffer(bytes: [byte]))
                }
                try await reader.readToEnd()
                return reader.text
            }
            let statuses = text.matches(of: #/HTTP/1\.1 (\d{3}) /#).compactMap { Int($0.output.1) }
            #expect(statuses == request.statuses + [200], "\(text)")
        }
    }

    @Test("HTTP/1.0 gets no 100 Continue")
    func noContinueForHTTP10() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.connect().run { reader, outbound in
                try await outbound.write(
                    ByteBuffer(
                        string: "POST \(TestServerFixture.acceptPath) HTTP/1.0\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"))
                // A second connection shows that the header was read before the body was sent.
                _ = try await server.exchange(Self.probe)
                try await outbound.write(ByteBuffer(string: "{}"))
                try await reader.readToEnd()
                return reader.text
            }
            #expect(text.hasPrefix("HTTP/1.1 401 "), "\(text)")
        }
    }

    @Test(
        "A header that does not arrive in time is REQUEST_TIMEOUT",
        arguments: ["G", "GET /livez HTTP/1.1\r\n"])
    func aLateHeader(_ begun: String) async throws {
        try await SocketServerFixture.serving(configure: { $0.headerTimeoutMilliseconds = 0 }) { server in
            for before in ["", RawRequest.get()] {
                let text = try await server.exchange(before + begun)
                #expect(text.contains("HTTP/1.1 408 "), "\(text)")
                #expect(text.contains(#""code":"REQUEST_TIMEOUT""#), "\(text)")
                #expect(text.contains("Connection: close"), "\(text)")
            }
        }
    }

    @Test("A header that is cut off is refused")
    func aHeaderThatIsCutOff() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                RawRequest.get() + "GET /livez HTTP/1.1\r\nHo", thenEnds: true)
            #expect(text.contains("HTTP/1.1 200 OK"))
            #expect(text.contains("HTTP/1.1 400 Bad Request"))
        }
    }
}
