import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPFront

/// Tests of the assembly of requests from their parts.
@Suite struct RequestAssemblerTests {
    private typealias Wire = ConnectionFixture

    @Test("Parts of one read are passed on as a whole request")
    func partsOfOneReadArePassedOnWhole() async throws {
        let wire = try Wire()
        try wire.receive(Wire.head("/a"), Wire.body("one"), Wire.body("two"), Wire.end)
        #expect(try await wire.close() == ["/a whole onetwo"])
    }

    @Test("Parts of later reads follow as a stream")
    func whatComesLaterFollowsInPieces() async throws {
        let wire = try Wire()
        try wire.receive(Wire.head("/a"), Wire.body("one"))
        try wire.receive(Wire.body("two"))
        try wire.receive(Wire.end)
        #expect(try await wire.close() == ["/a one two"])
    }

    @Test("A body that does not end is truncated")
    func aBodyThatDoesNotEndIsCutOff() async throws {
        let wire = try Wire()
        try wire.receive(Wire.head("/a"))
        try wire.receive(Wire.body("one"))
        #expect(try await wire.close() == ["/a one cut off"])
    }

    @Test("Bytes beyond the body limit are dropped")
    func beyondWhatABodyMayHaveNothingIsKept() async throws {
        let wire = try Wire()
        try wire.receive(Wire.head("/a"))
        for _ in 1...100 { try wire.receive(Wire.body("12345678")) }
        #expect(wire.connection.received.readableBytes == 0)
        #expect(try await wire.close() == ["/a 12345678 12345678 cut off"])
    }

    /// The call under way reads no body, and gets its answer whatever becomes of the body.
    @Test("A body that fails twice leaves the response alone")
    func aBodyThatFailsTwiceTakesNoAnswerAlong() async throws {
        let wire = try Wire()
        try wire.receive(Wire.head("/a"))
        for _ in 1...2 { wire.handler.errorCaught(context: try wire.context, error: BodyTimeout()) }
        for _ in 1...100 { try wire.receive(Wire.body("12345678")) }
        #expect(wire.channel.isActive)
        #expect(try await wire.close() == ["/a cut off"])
    }

    @Test("The next request waits for the response")
    func theNextRequestWaitsForTheAnswer() async throws {
        let wire = try Wire()
        for path in ["/a", "/b", "/c"] {
            try wire.receive(Wire.head(path))
            try wire.receive(Wire.end)
        }
        wire.answer()
        #expect(try await wire.close() == ["/a", "/b whole "])
    }

    /// The client sends requests and reads no response.
    @Test("The next request waits until responses are read")
    func theNextRequestWaitsUntilAnswersAreRead() async throws {
        for isReadAtLast in [false, true] {
            let wire = try Wire()
            try wire.receive(Wire.head("/a"), Wire.end)
            wire.channel.isWritable = false
            wire.answer()
            try wire.receive(Wire.head("/b"), Wire.end)
            if isReadAtLast {
                wire.channel.isWritable = true
                wire.channel.pipeline.fireChannelWritabilityChanged()
            }
            #expect(
                try await wire.close() == (isReadAtLast ? ["/a whole ", "/b whole "] : ["/a whole "]))
        }
    }
}
