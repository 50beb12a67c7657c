import HTTPTypes
import Logging
import Telemetry
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPFront

/// Tests of the assembly of requests from their parts.
@Suite struct RequestAssemblerTests {
    /// A connection without a socket.
    private struct ConnectionFixture {
        let channel: EmbeddedChannel
        let requests: AsyncStream<IncomingRequest>
        let handler: RequestAssembler

        init() throws {
            let refusal = MalformedRequest(
                logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() },
                metrics: MetricsRecorder())
            let connection = ConnectionHandler(
                maximumBodyBytes: 10, bodyTimeout: .hours(1), refusal: refusal)
            let (requests, continuation) = AsyncStream<IncomingRequest>.makeStream()
            handler = RequestAssembler(connection: connection, maximumBodyBytes: 10, requests: continuation)
            self.requests = requests
            channel = EmbeddedChannel(handlers: [connection, handler])
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/none")).wait()
        }

        func head(_ path: String = "/a") throws { try channel.writeInbound(RequestAssemblerTests.head(path)) }

        var context: ChannelHandlerContext {
            get throws { try channel.pipeline.syncOperations.context(handler: handler) }
        }

        func body(_ text: String) throws {
            try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: text)))
        }

        func end() throws { try channel.writeInbound(HTTPRequestPart.end(nil)) }

        /// What was passed on until now: path and body, as far as that came.
        func close() async throws -> [String] {
            _ = try channel.finish(acceptAlreadyClosed: true)
            var passed: [String] = []
            for await request in requests {
                var text = request.head.path ?? ""
                switch request.body {
                case .whole(let body): text += " whole " + String(buffer: body)
                case .stream(let pieces):
                    do {
                        for try await piece in pieces { text += " " + String(buffer: piece) }
                    } catch { text += " cut off" }
                }
                passed.append(text)
            }
            return passed
        }
    }

    /// The parts without what says that a read has ended.
    private func readTogether(_ wire: ConnectionFixture, _ parts: HTTPRequestPart...) {
        for part in parts { wire.channel.pipeline.fireChannelRead(part) }
        wire.channel.pipeline.fireChannelReadComplete()
    }

    private static func head(_ path: String) -> HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: nil, authority: nil, path: path))
    }

    @Test("Parts of one read are passed on as a whole request")
    func partsOfOneReadArePassedOnWhole() async throws {
        let wire = try ConnectionFixture()
        readTogether(
            wire, Self.head("/a"), .body(ByteBuffer(string: "one")), .body(ByteBuffer(string: "two")),
            .end(nil))
        #expect(try await wire.close() == ["/a whole onetwo"])
    }

    @Test("Parts of later reads follow as a stream")
    func whatComesLaterFollowsInPieces() async throws {
        let wire = try ConnectionFixture()
        readTogether(wire, Self.head("/a"), .body(ByteBuffer(string: "one")))
        try wire.body("two")
        try wire.end()
        #expect(try await wire.close() == ["/a one two"])
    }

    @Test("A body that does not end is truncated")
    func aBodyThatDoesNotEndIsCutOff() async throws {
        let wire = try ConnectionFixture()
        try wire.head()
        try wire.body("one")
        #expect(try await wire.close() == ["/a one cut off"])
    }

    @Test("Bytes beyond the body limit are dropped")
    func beyondWhatABodyMayHaveNothingIsKept() async throws {
        let wire = try ConnectionFixture()
        try wire.head()
        for _ in 1...100 { try wire.body("12345678") }
        #expect(try await wire.close() == ["/a 12345678 12345678 cut off"])
    }

    /// The call under way reads no body, and gets its answer whatever becomes of the body.
    @Test("A body that fails twice leaves the response alone")
    func aBodyThatFailsTwiceTakesNoAnswerAlong() async throws {
        let wire = try ConnectionFixture()
        try wire.head()
        for _ in 1...2 { wire.handler.errorCaught(context: try wire.context, error: BodyTimeout()) }
        for _ in 1...100 { try wire.body("12345678") }
        #expect(wire.channel.isActive)
        #expect(try await wire.close() == ["/a cut off"])
    }

    @Test("The assembler holds the next request until the response")
    func theNextRequestWaitsForTheAnswer() async throws {
        let wire = try ConnectionFixture()
        for path in ["/a", "/b", "/c"] {
            try wire.head(path)
            try wire.end()
        }
        wire.handler.write(HTTPResponseMessage(head: HTTPResponse(status: .ok), body: ByteBuffer()))
        #expect(try await wire.close() == ["/a", "/b whole "])
    }

    /// The client sends requests and reads no response.
    @Test("The next request waits until responses are read")
    func theNextRequestWaitsUntilAnswersAreRead() async throws {
        for isReadAtLast in [false, true] {
            let wire = try ConnectionFixture()
            try wire.head("/a")
            try wire.end()
            wire.channel.isWritable = false
            wire.handler.write(HTTPResponseMessage(head: HTTPResponse(status: .ok), body: ByteBuffer()))
            try wire.head("/b")
            try wire.end()
            if isReadAtLast {
                wire.channel.isWritable = true
                wire.channel.pipeline.fireChannelWritabilityChanged()
            }
            #expect(try await wire.close() == (isReadAtLast ? ["/a", "/b"] : ["/a"]))
        }
    }
}
