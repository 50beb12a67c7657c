import Glibc
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPFront

/// Tests of the bounds of one connection's memory, and of the number of connections.
@Suite struct ConnectionBoundsTests {
    private static let offer =
        "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

    @Test("Bytes behind a request under way stop reading until its response")
    func bytesBehindARequestStopReading() async throws {
        let wire = try ConnectionFixture()
        try wire.receive(ConnectionFixture.head("/a"), ConnectionFixture.end)
        let before = wire.readCount
        wire.channel.read()
        #expect(wire.readCount == before + 1)
        try wire.receive(ConnectionFixture.head("/b"))
        let held = wire.readCount
        wire.channel.read()
        #expect(wire.readCount == held)
        wire.answer()
        #expect(wire.readCount == held + 1)
        #expect(try await wire.close() == ["/a whole ", "/b cut off"])
    }

    /// NIO reads all that the kernel has when the client closes its side, whether it was asked to read or not.
    @Test("Bytes behind a request under way are bounded, also behind an offer to upgrade")
    func bytesBehindARequestAreBounded() async throws {
        for head in [ConnectionFixture.head("/a") + ConnectionFixture.end, Self.offer] {
            let wire = try ConnectionFixture()
            try wire.receive(head)
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 * 1024)
            for _ in 1...100 {
                try wire.channel.writeInbound(piece)
                #expect(wire.connection.received.readableBytes <= ConnectionHandler.maximumWaitingBytes)
            }
            wire.answer()
            guard case .head(let head)? = try wire.channel.readOutbound(as: HTTPServerResponsePart.self)
            else {
                Issue.record("There is no response.")
                return
            }
            #expect(head.headers.first(name: "Connection") == "close")
            #expect(try await wire.close() == ["/a whole "])
        }
    }

    @Test("A header is bounded, whatever its line ends")
    func aHeaderIsBounded() throws {
        for (begin, filling) in [("", "x"), ("GET /", "x"), ("GET / HTTP/1.1\r\n", "X: y\r\n"), ("", "\r\n")]
        {
            let wire = try ConnectionFixture()
            try wire.receive(begin)
            for _ in 1...100 {
                try wire.receive(String(repeating: filling, count: 500))
                #expect(wire.connection.received.readableBytes <= RequestParser.maximumHeaderBytes + 3000)
            }
            guard case .head(let head)? = try wire.channel.readOutbound(as: HTTPServerResponsePart.self)
            else {
                Issue.record("There is no response.")
                return
            }
            #expect([414, 431].contains(head.status.code))
            _ = try wire.channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("At its bound a listener accepts no connection until another one is closed")
    func theBoundOnConnections() {
        for (maximum, shared) in [(4096, 3840), (32, 30), (2, 1)] {
            var bound = ConnectionBound(maximum: maximum)
            #expect(bound.shared == shared)
            for _ in 1...maximum {
                #expect(bound.isAcceptingNewConnections())
                bound.connectionOpened()
            }
            #expect(!bound.isAcceptingNewConnections())
            bound.connectionClosed()
            #expect(bound.isAcceptingNewConnections())
        }
    }

    @Test("Accepting pauses for a second while no file can be opened, and the log says so once")
    func acceptingPauses() throws {
        let log = FakeLog()
        let channel = EmbeddedChannel(
            handler: AcceptPause(logger: Logger(label: "test") { _ in log.handler() }))
        func isReading() -> [Bool] {
            channel.options.compactMap {
                $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil
            }
        }
        for number in [EMFILE, ENFILE] {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: number, reason: "accept"))
            #expect(isReading() == [false])
            channel.embeddedEventLoop.advanceTime(by: AcceptPause.length)
            #expect(isReading() == [true])
        }
        #expect(log.lines.map(\.level) == [.error])
        #expect(log.lines.first?.metadata["error"] == "Too many open files")
        // Any other error is not the handler's.
        channel.pipeline.fireErrorCaught(IOError(errnoCode: EBADF, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        _ = try? channel.finish()
    }
}
