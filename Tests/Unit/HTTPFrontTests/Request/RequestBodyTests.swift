import StrictJSON
import Charges
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// Tests of the body of a request: its size, its pieces, its deadline, its declared type.
@Suite struct RequestBodyTests {
    private static let maximumBytes = 256 * 1024

    private func call(_ front: TestServerFixture, _ body: IncomingBody, headers: HTTPFields = [:])
        async throws
        -> Answer
    {
        var headers = headers
        headers[.authorization] = "Bearer \(try await FakeAccounts.token())"
        return try await front.send(.post, TestServerFixture.acceptPath, headers: headers, body: body)
    }

    /// A good body of exactly so many bytes.
    private func body(bytes: Int) -> ByteBuffer {
        let body = BodyFixture.charges(count: 50)
        return ByteBuffer(string: body + String(repeating: " ", count: bytes - body.utf8.count))
    }

    /// The same in pieces, as it comes with chunked transfer coding.
    private func pieces(_ buffer: ByteBuffer, of size: Int) -> IncomingBody {
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        var rest = buffer
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            continuation.yield(piece)
        }
        continuation.finish()
        return .stream(stream)
    }

    private func expectTooLarge(_ answer: Answer) throws {
        #expect(answer.status == 413)
        #expect(try answer.code == "REQUEST_TOO_LARGE")
        #expect(try answer.data == .object([]))
        #expect(answer.headers[.connection] == "close")
        #expect(answer.headers[.requestIdentifier] != nil)
    }

    @Test("A body of the maximum size is accepted")
    func theLargestBodyIsTaken() async throws {
        let front = TestServerFixture()
        let buffer = body(bytes: Self.maximumBytes)
        let declared: HTTPFields = [.contentLength: "\(Self.maximumBytes)"]
        #expect(try await call(front, .whole(buffer), headers: declared).status == 200)
        #expect(try await call(front, pieces(buffer, of: 4096)).status == 200)
        #expect(front.decisions.calls.map(\.items.count) == [50, 50])
    }

    @Test("A declared length beyond the maximum is refused at once")
    func oneByteMoreIsRefusedByItsDeclarationAlone() async throws {
        let front = TestServerFixture()
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        for length in ["\(Self.maximumBytes + 1)", "999999999999"] {
            // Nothing of it ever arrives.
            let answer = try await call(
                front, .stream(stream), headers: [.contentLength: length])
            try expectTooLarge(answer)
        }
        continuation.finish()
        #expect(front.decisions.calls.isEmpty)
    }

    @Test(
        "A body beyond the maximum is refused without a declared length",
        arguments: [1 << 10, 1 << 17, maximumBytes, maximumBytes + 1])
    func oneByteMoreIsRefusedWithoutADeclarationToo(pieceSize: Int) async throws {
        let front = TestServerFixture()
        try expectTooLarge(
            try await call(front, pieces(body(bytes: Self.maximumBytes + 1), of: pieceSize)))
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("An endless body is refused once it is too large")
    func aBodyThatNeverEndsIsRefusedOnceItIsTooLarge() async throws {
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        continuation.yield(body(bytes: Self.maximumBytes + 1))
        try expectTooLarge(try await call(TestServerFixture(), .stream(stream)))
        continuation.finish()
    }

    @Test("A body that does not arrive in time is REQUEST_TIMEOUT")
    func aBodyThatDoesNotArriveInTimeIsRefused() async throws {
        let front = TestServerFixture()
        try await SocketServerFixture.serving(front, configure: { $0.bodyTimeoutMilliseconds = 0 }) {
            socket in
            let head =
                "POST \(TestServerFixture.acceptPath) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n"
            for begun in ["", #"{"accepted_"#] {
                let answer = try await socket.exchange(head + begun)
                #expect(answer.hasPrefix("HTTP/1.1 408 "))
                for part in [
                    #"{"data":{},"status":{"code":"REQUEST_TIMEOUT","#, "\r\nConnection: close\r\n",
                    "\r\nX-Request-Id: ",
                ] { #expect(answer.contains(part), "\(part) in \(answer)") }
            }
        }
        #expect(front.decisions.calls.isEmpty)
    }

    @Test("A body that arrives in time leaves the connection open for more")
    func aBodyThatArrivesInTimeIsTakenAndItsConnectionServesOn() async throws {
        let front = TestServerFixture()
        try await SocketServerFixture.serving(front) { socket in
            let token = try await FakeAccounts.token()
            let body = BodyFixture.charges(count: 2)
            let head = """
                POST \(TestServerFixture.acceptPath) HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer \(token)\r
                Content-Length: \(body.utf8.count)\r

                """
            try await socket.connect().run { reader, outbound in
                // The next request before the answer to the one before it.
                for last in ["", "", "Connection: close\r\n"] {
                    try await outbound.write(ByteBuffer(string: head + last + "\r\n"))
                    try await outbound.write(ByteBuffer(string: String(body.prefix(20))))
                    try await outbound.write(ByteBuffer(string: String(body.dropFirst(20))))
                }
                try await reader.readToEnd()
                #expect(reader.text.split(separator: #""code":"OK""#).count == 4)
            }
        }
        #expect(front.decisions.calls.map(\.items.count) == [2, 2, 2])
    }

    @Test("A body's pieces are joined wherever they are split", arguments: [1, 2, 3, 7])
    func piecesAreJoinedWhereverTheyAreCut(size: Int) async throws {
        let front = TestServerFixture()
        let text = BodyFixture.charges(
            "[\(BodyFixture.item("N\u{E9}1", "c\u{1F642}", reference: "\u{20AC}"))]")
        let answer = try await call(front, pieces(ByteBuffer(string: text), of: size))
        #expect(answer.status == 200)
        #expect(front.decisions.calls.first?.items.first?.number == "N\u{E9}1")
    }

    @Test("A byte order mark before the body is skipped")
    func aByteOrderMarkIsSkipped() async throws {
        let front = TestServerFixture()
        let body = ByteBuffer(string: "\u{FEFF}" + BodyFixture.charges(count: 2))
        #expect(try await call(front, .whole(body)).status == 200)
        #expect(front.decisions.calls.map(\.items.count) == [2])
    }

    @Test(
        "The declared content type is ignored",
        arguments: [
            nil, "", "application/json", "text/plain", "application/x-www-form-urlencoded", "image/png",
            "application/json; charset=utf-16", "multipart/form-data; boundary=x", "nonsense",
        ])
    func theDeclaredTypeIsNotLookedAt(_ type: String?) async throws {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        let front = TestServerFixture()
        let good = IncomingBody.whole(ByteBuffer(string: BodyFixture.charges(count: 1)))
        #expect(try await call(front, good, headers: headers).status == 200)
        let bad = IncomingBody.whole(ByteBuffer(string: "accepted_charges_set=1"))
        let answer = try await call(front, bad, headers: headers)
        #expect(answer.status == 400)
        #expect(try answer.code == "INVALID_JSON")
    }
}
