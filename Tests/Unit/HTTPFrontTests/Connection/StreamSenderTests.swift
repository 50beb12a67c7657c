import Charges
import Logging
import NIOCore
import Scheduling
import Testing

@testable import HTTPFront

/// Tests of streamed responses on a real socket.
@Suite struct StreamSenderTests {
    private static let path = TestServerFixture.base + "/netflix/statements/download?number=1"

    private func request(
        _ method: String = "GET", version: String = "1.1", path: String = StreamSenderTests.path
    ) async throws -> String {
        "\(method) \(path) HTTP/\(version)\r\nHost: a\r\n"
            + "Authorization: Bearer \(try await FakeAccounts.token())\r\n\r\n"
    }

    private static let health = "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// The data of the chunks after the header of the first response, and what follows the last chunk.
    private func chunks(_ text: String) throws -> (data: String, rest: String) {
        var rest = try #require(text.split(separator: "\r\n\r\n", maxSplits: 1).last)[...]
        var data = ""
        while let end = rest.firstRange(of: "\r\n"), let size = Int(rest[..<end.lowerBound], radix: 16) {
            rest = rest[end.upperBound...]
            if size == 0 { return (data, String(rest.dropFirst(1))) }
            data += String(decoding: rest.utf8.prefix(size), as: UTF8.self)
            rest = Substring(rest.utf8.dropFirst(size + 2))
        }
        return (data, "cut off")
    }

    private var file: [UInt8] {
        StatementLines.header + FakeStatements.events(5).flatMap(StatementLines.line) + Array("END\n".utf8)
    }

    @Test("A stream is sent in chunks, and the connection serves the next request")
    func chunked() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(try await request() + Self.health)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.lowercased().contains("transfer-encoding: chunked\r\n"))
            let (data, rest) = try chunks(text)
            #expect(data.utf8.elementsEqual(file))
            #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(rest)")
            let line = try #require(server.front.log.lines.first { $0.metadata["transfer"] != nil })
            #expect(line.metadata["transfer"] == "complete" && line.metadata["bytes"] == "\(file.count)")
        }
    }

    @Test("A client of HTTP/1.0 gets the bytes without chunks, up to the end of the connection")
    func oldClients() async throws {
        try await SocketServerFixture.serving { server in
            let text = try await server.exchange(try await request(version: "1.0"))
            #expect(!text.lowercased().contains("transfer-encoding"))
            #expect(text.lowercased().contains("connection: close\r\n"))
            let body = try #require(text.firstRange(of: "\r\n\r\n"))
            #expect(text[body.upperBound...].utf8.elementsEqual(file))
        }
    }

    @Test("HEAD and 304 have no body, and the connection serves the next request")
    func withoutABody() async throws {
        let tag = "\"" + String(repeating: "00", count: 32) + ".csv\""
        try await SocketServerFixture.serving { server in
            let current = String(try await request().dropLast(1)) + "If-None-Match: \(tag)\r\n\r\n"
            for (first, status) in [(try await request("HEAD"), "200 OK"), (current, "304 Not Modified")] {
                let text = try await server.exchange(first + Self.health)
                let parts = text.split(separator: "\r\n\r\n")
                try #require(parts.count == 3, "\(text)")
                #expect(parts[0].hasPrefix("HTTP/1.1 " + status))
                #expect(!parts[0].lowercased().contains("transfer-encoding"))
                #expect(parts[1].hasPrefix("HTTP/1.1 200 OK"))
            }
        }
    }

    @Test("A file that cannot be completed has no last chunk, and the connection is closed")
    func aFailure() async throws {
        let front = TestServerFixture(statements: FakeStatements(failsAt: 3))
        try await SocketServerFixture.serving(front) { server in
            let text = try await server.exchange(try await request() + Self.health)
            let (data, rest) = try chunks(text)
            #expect(rest == "cut off" && data.split(separator: "\n").count == 3)
            let line = try #require(front.log.lines.first { $0.metadata["transfer"] != nil })
            #expect(line.metadata["transfer"] == "failed" && line.level == .error)
            _ = try await front.transfers.turn(of: .provider, address: "", deadline: .now + .seconds(3600))
        }
    }

    /// Files that no buffer of a socket holds.
    private func large() -> FakeStatements {
        let reference = String(repeating: "r", count: 2000)
        return FakeStatements(
            events: FakeStatements.events(10_000, reference: reference), countOfReading: 100)
    }

    @Test("A client that is too slow is cut off, and leaves its turn")
    func aSlowClient() async throws {
        var limits = TransferLimits()
        limits.pieceTime = .milliseconds(200)
        let front = TestServerFixture(statements: large(), transfers: TransferTurns(limits: limits))
        try await cut(front, as: "too_slow") { _, _ in }
    }

    @Test("A transfer that lasts too long is cut off")
    func aLongTransfer() async throws {
        var limits = TransferLimits()
        limits.time = .milliseconds(200)
        let front = TestServerFixture(statements: large(), transfers: TransferTurns(limits: limits))
        try await cut(front, as: "too_slow") { _, _ in }
    }

    @Test("A client that goes away leaves its turn")
    func aClientThatIsGone() async throws {
        let front = TestServerFixture(statements: large())
        try await cut(front, as: "client_gone") { connection, _ in try await connection.close() }
    }

    @Test("A node that stops cuts a transfer")
    func aNodeThatStops() async throws {
        let front = TestServerFixture(statements: large())
        try await cut(front, as: "stopped") { _, turns in turns.cut(after: .zero) }
    }

    /// Begins a download that is not read, and waits until it has ended.
    private func cut(
        _ front: TestServerFixture, as result: String,
        _ act: @escaping @Sendable (SocketServerFixture.Connection, TransferTurns) async throws -> Void
    ) async throws {
        try await SocketServerFixture.serving(front) { server in
            let text = try await request()
            let connection = try await server.connect()
            try await connection.run { reader, outbound in
                try await outbound.write(ByteBuffer(string: text))
                try await reader.read(until: "\r\n\r\n")
                try await act(connection, front.transfers)
                guard result != "stopped" else { return }
                _ = try await front.transfers.turn(
                    of: .provider, address: "", deadline: .now + .seconds(3600))
            }
        }
        // By then the server has ended.
        #expect(front.log.lines.compactMap { $0.metadata["transfer"] } == [result])
    }
}
