import Testing

@testable import HTTPFront

/// Tests of the order of a connection's requests and responses, without a connection.
@Suite struct ConnectionStateTests {
    /// A state that has passed on a whole request.
    private func afterARequest() -> ConnectionState {
        var state = ConnectionState()
        state.passedHead()
        state.passedEnd()
        return state
    }

    @Test("The next request waits for the response")
    func theNextRequestWaitsForTheAnswer() {
        var state = afterARequest()
        #expect(state.arrived(isHead: true, holdsOthers: false) == .hold)
        #expect(state.arrived(isHead: false, holdsOthers: true) == .hold)
        #expect(state.answerBegan(closes: false) == false)
        #expect(state.answerEnded() == .goOn)
        #expect(state.arrived(isHead: true, holdsOthers: false) == .pass)
    }

    @Test("A body is passed on while its request is answered")
    func aBodyIsPassedWhileItsRequestIsAnswered() {
        var state = ConnectionState()
        state.passedHead()
        #expect(state.arrived(isHead: false, holdsOthers: false) == .pass)
    }

    @Test("A response with Connection: close is the last one")
    func anAnswerThatSaysSoIsTheLast() {
        var state = afterARequest()
        #expect(state.answerBegan(closes: true) == true)
        #expect(state.answerEnded() == .close)
        state.closed()
        #expect(state.arrived(isHead: true, holdsOthers: false) == .drop)
        #expect(state.malformed() == .goOn)
    }

    @Test("The response to the last request closes the connection")
    func theAnswerToTheLastRequestIsTheLast() {
        var state = ConnectionState()
        state.passedHead(isLast: true)
        state.passedEnd()
        // What follows it does not matter.
        #expect(state.malformed() == .goOn)
        #expect(state.answerBegan(closes: false) == true)
        #expect(state.answerEnded() == .close)
    }

    @Test("A late body is reported only while its request awaits a response")
    func aBodyIsLateWhileItsRequestIsAnsweredAlone() {
        var idle = ConnectionState()
        #expect(idle.bodyIsLate() == false)
        var read = afterARequest()
        #expect(read.bodyIsLate() == false)
        #expect(read.answerBegan(closes: false) == false)
        var reading = ConnectionState()
        reading.passedHead()
        #expect(reading.bodyIsLate() == true)
        // Its remaining input does not make the connection usable: its reader has been notified.
        reading.passedEnd()
        #expect(reading.answerBegan(closes: false) == true)
        #expect(reading.answerEnded() == .close)
        reading.closed()
        #expect(reading.bodyIsLate() == false)
    }

    @Test("A response before the whole request is the last one")
    func anAnswerBeforeTheWholeRequestIsTheLast() {
        var state = ConnectionState()
        state.passedHead()
        #expect(state.answerBegan(closes: false) == true)
        #expect(state.answerEnded() == .close)
    }

    @Test("Malformed input is refused at once, after the response, or by the body's reader")
    func whatIsNoHTTPIsRefusedAtOnceOrAfterTheAnswerOrByTheReader() {
        var idle = ConnectionState()
        #expect(idle.malformed() == .refuse)
        var answering = afterARequest()
        #expect(answering.malformed() == .goOn)
        #expect(answering.arrived(isHead: true, holdsOthers: false) == .drop)
        _ = answering.answerBegan(closes: false)
        #expect(answering.answerEnded() == .refuse)
        var reading = ConnectionState()
        reading.passedHead()
        #expect(reading.malformed() == .tellReader)
    }
}
