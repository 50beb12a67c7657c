import Charges
import NIOCore
import Scheduling
import Testing

@testable import HTTPFront

/// Tests of uploads on a real socket.
@Suite struct UploadTests {
    private static let path =
        TestServerFixture.base + "/netflix/reconciliations/create?from=2026-11-01&to=2026-12-01"

    private func head(_ length: String) async throws -> String {
        "POST \(Self.path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(length)\r\n"
            + "Authorization: Bearer \(try await FakeAccounts.token())\r\n\r\n"
    }

    @Test("A file beyond the size of other bodies is taken")
    func aLargeFile() async throws {
        let reconciliations = FakeReconciliations()
        let front = TestServerFixture(reconciliations: reconciliations)
        let file = String(repeating: "I1,9.90\n", count: 200_000)
        try await SocketServerFixture.serving(front) { server in
            let text = try await server.exchange(
                try await head("Content-Length: \(file.utf8.count)") + file)
            #expect(text.hasPrefix("HTTP/1.1 202 Accepted\r\n"), "\(text)")
            #expect(text.contains(#""bytes":\#(file.utf8.count),"#))
            let line = try #require(front.log.lines.first { $0.metadata["transfer"] != nil })
            #expect(line.metadata["transfer"] == "complete")
            #expect(line.metadata["bytes"] == "\(file.utf8.count)")
        }
        #expect(reconciliations.received.file.elementsEqual(file.utf8))
    }

    @Test("A client is not read while pieces wait for the store")
    func backPressure() async throws {
        let wire = try ConnectionFixture(isUpload: true)
        try wire.receive(ConnectionFixture.head("/a"))
        for count in 1...20 {
            let before = wire.readCount
            wire.channel.read()
            #expect((wire.readCount > before) == (count <= 8), "\(count)")
            try wire.receive(ConnectionFixture.body("12345678"))
        }
        // What has arrived all the same is kept.
        #expect(try await wire.close() == ["/a" + String(repeating: " 12345678", count: 20) + " cut off"])
    }

    @Test(
        "A client that sends too slowly gets 408, and one that goes away leaves its turn",
        arguments: [true, false])
    func aSlowClient(isSlow: Bool) async throws {
        var limits = TransferLimits()
        if isSlow { limits.pieceTime = .milliseconds(100) }
        let reconciliations = FakeReconciliations()
        let front = TestServerFixture(
            reconciliations: reconciliations, transfers: TransferTurns(limits: limits))
        try await SocketServerFixture.serving(front) { server in
            let head = try await head("Content-Length: 1000")
            let text = try await server.connect().run { reader, outbound in
                try await outbound.write(ByteBuffer(string: head + "number\n"))
                if !isSlow { outbound.finish() }
                try await reader.readToEnd()
                return reader.text
            }
            #expect(text.hasPrefix(isSlow ? "HTTP/1.1 408 " : "HTTP/1.1 400 "), "\(text)")
            _ = try await front.transfers.turn(of: .provider, address: "", deadline: .now + .seconds(3600))
        }
        #expect(reconciliations.received.ends == ["abandon"])
        #expect(
            front.log.lines.compactMap { $0.metadata["transfer"] } == [isSlow ? "too_slow" : "client_gone"])
    }

    @Test("A body that is declared too large is not asked for")
    func aWaitingClient() async throws {
        try await SocketServerFixture.serving { server in
            let large = ReconciliationFile.maximumBytes + 1
            let refused = try await server.exchange(
                try await head("Expect: 100-continue\r\nContent-Length: \(large)"))
            #expect(refused.hasPrefix("HTTP/1.1 413 "))
            let welcome = try await server.connect().run { reader, outbound in
                try await outbound.write(
                    ByteBuffer(string: try await head("Expect: 100-continue\r\nContent-Length: 1000000")))
                try await reader.read(until: "\r\n\r\n")
                return reader.text
            }
            #expect(welcome == "HTTP/1.1 100 Continue\r\n\r\n")
        }
    }
}
