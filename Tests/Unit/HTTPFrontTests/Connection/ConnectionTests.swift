import NIOCore
import Testing

@testable import HTTPFront

/// Tests of HTTP connections on a real socket.
@Suite struct ConnectionTests {
    private static let health = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private func head(_ method: String, _ path: String, _ fields: String...) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private func count(_ text: String, _ part: String) -> Int { text.components(part) - 1 }

    @Test("Pipelined requests are answered in order")
    func requestsThatComeAtOnceAreAnsweredInOrder() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                Self.health + head("GET", "/nowhere") + head("GET", "/readyz", "Connection: close"))
            #expect(count(text, "HTTP/1.1 200 OK") == 2)
            #expect(count(text, "HTTP/1.1 404 Not Found") == 1)
            #expect(server.front.log.lines.compactMap { $0.metadata["call"] } == ["livez", "none", "readyz"])
        }
    }

    @Test("A client that closes its side after several requests gets all responses")
    func whoEndsAfterSeveralRequestsGetsAllTheirAnswers() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                Self.health + head("GET", "/nowhere") + head("GET", "/readyz"), thenEnds: true)
            #expect(count(text, "HTTP/1.1 200 OK") == 2)
            #expect(count(text, "HTTP/1.1 404 Not Found") == 1)
        }
    }

    /// A server that did not listen to them would keep the connection for an hour.
    @Test(
        "A connection is closed after the response where the client expects it",
        arguments: [
            "GET /livez HTTP/1.0\r\n\r\n", "GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n",
        ])
    func whoWaitsForTheConnectionsEndSeesIt(_ request: String) async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(request)
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    @Test("A request that is too large is the connection's last")
    func afterARequestThatIsTooLargeNothingIsServed() async throws {
        try await SocketServerFixture.serving { server in
            let large = String(repeating: " ", count: 256 * 1024 + 1)
            let text = try await server.exchange(
                head("POST", TestServerFixture.acceptPath, "Content-Length: \(large.utf8.count)") + large
                    + Self.health)
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.lowercased().contains("connection: close"))
            #expect(text.contains("REQUEST_TOO_LARGE"))
            #expect(count(text, "HTTP/1.1") == 1)
            #expect(server.front.log.lines.compactMap { $0.metadata["code"] } == ["REQUEST_TOO_LARGE"])
        }
    }

    @Test("A response before the whole request closes the connection")
    func anAnswerBeforeTheWholeRequestIsTheLastOne() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(head("POST", "/nowhere", "Content-Length: 100") + "half")
            #expect(text.hasPrefix("HTTP/1.1 404 "))
            #expect(text.lowercased().contains("connection: close"))
        }
    }

    @Test(
        "Malformed HTTP gets the error envelope",
        arguments: [
            "nonsense\r\n\r\n", "GET /livez HTTP/1.1\r\nno colon\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        ])
    func whatIsNoHTTPGetsTheEnvelope(_ request: String) async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(request)
            #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(text.lowercased().contains("connection: close"))
            #expect(text.lowercased().contains("x-request-id: "))
            #expect(text.contains(#"{"data":{},"status":{"code":"INVALID_PARAMETER","#))
            #expect(server.front.log.lines.map { $0.metadata["code"] } == ["INVALID_PARAMETER"])
        }
    }

    @Test("Malformed HTTP after a request is refused after the response")
    func whatIsNoHTTPAfterARequestIsRefusedAfterItsAnswer() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(Self.health + "nonsense\r\n\r\n")
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(count(text, "HTTP/1.1 400 Bad Request") == 1)
            #expect(count(text, "INVALID_PARAMETER") == 1)
        }
    }

    @Test("Requests before malformed HTTP are answered first")
    func whatStandsBeforeItIsAnsweredFirst() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(Self.health + Self.health + Self.health + "nonsense\r\n\r\n")
            #expect(count(text, "HTTP/1.1 200 OK") == 3)
            #expect(count(text, "HTTP/1.1 400 Bad Request") == 1)
        }
    }

    @Test("A truncated request leaves earlier requests their responses")
    func aRequestThatIsCutOffTakesNoneOfThoseBeforeItAlong() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                Self.health + Self.health + head("POST", TestServerFixture.acceptPath, "Content-Length: 9")
                    + "cut",
                thenEnds: true)
            #expect(count(text, "HTTP/1.1 200 OK") == 2)
            #expect(count(text, "HTTP/1.1 400 Bad Request") == 1)
            #expect(text.contains("INVALID_JSON"))
        }
    }

    @Test("A request with Connection: close is the last one served")
    func afterARequestThatSaysItIsTheLastNothingIsServed() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                Self.health + head("GET", "/readyz", "Connection: close") + Self.health)
            #expect(count(text, "HTTP/1.1") == 2)
            #expect(count(text, "HTTP/1.1 200 OK") == 2)
            #expect(count(text.lowercased(), "connection: close") == 1)
        }
    }

    @Test("A client that expects 100-continue gets it")
    func aClientThatWaitsGetsContinue() async throws {
        try await SocketServerFixture.serving { server in
            let body = #"{"token": "none of ours"}"#
            let head = head(
                "POST", TestServerFixture.acceptPath, "Expect: 100-continue",
                "Content-Length: \(body.utf8.count)",
                "Connection: close")
            let text = try await server.connect().run { reader, outbound in
                try await outbound.write(.init(string: head))
                try await reader.read(until: "\r\n\r\n")
                #expect(reader.text == "HTTP/1.1 100 Continue\r\n\r\n")
                try await outbound.write(.init(string: body))
                try await reader.readToEnd()
                return reader.text
            }
            #expect(text.contains("HTTP/1.1 401 Unauthorized\r\n"))
            #expect(text.lowercased().contains("www-authenticate: bearer\r\n"))
        }
    }

    @Test("A client that expects 100-continue for too large a body is refused")
    func aClientThatWaitsWithTooMuchIsRefusedInstead() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                head("POST", TestServerFixture.acceptPath, "Expect: 100-continue", "Content-Length: 300000"))
            #expect(text.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test(
        "A truncated body is INVALID_JSON, not a timeout",
        arguments: [
            "Content-Length: 1000\r\n\r\n{\"accepted", "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"acc\r\n",
        ])
    func aBodyThatIsCutOffIsNoTimeOut(_ rest: String) async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                "POST \(TestServerFixture.acceptPath) HTTP/1.1\r\nHost: localhost\r\n" + rest, thenEnds: true)
            #expect(text.hasPrefix("HTTP/1.1 400 "))
            #expect(text.contains("INVALID_JSON"))
            #expect(server.front.log.lines.map { $0.metadata["code"] } == ["INVALID_JSON"])
        }
    }

    @Test("A malformed chunked body is INVALID_JSON, not a timeout")
    func aBodyThatIsNotChunkedAsItSaysIsNoTimeOut() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(
                head("POST", TestServerFixture.acceptPath, "Transfer-Encoding: chunked")
                    + "zz\r\nnonsense\r\n")
            #expect(text.hasPrefix("HTTP/1.1 400 "))
            #expect(text.contains("INVALID_JSON"))
            #expect(count(text, "HTTP/1.1 400") == 1)
        }
    }
}

extension String {
    /// How many pieces there are between a text's occurrences.
    fileprivate func components(_ part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count
    }
}
