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
        #expect(!state.takesInput && !state.awaitsHead && !state.dropsInput)
        #expect(state.answerBegan(closes: false) == false)
        #expect(state.answerEnded() == false)
        #expect(state.takesInput && state.awaitsHead)
    }

    @Test("A body is passed on while its request is answered")
    func aBodyIsPassedWhileItsRequestIsAnswered() {
        var state = ConnectionState()
        state.passedHead()
        #expect(state.takesInput && !state.awaitsHead)
    }

    @Test("A response with Connection: close is the last one")
    func anAnswerThatSaysSoIsTheLast() {
        var state = afterARequest()
        #expect(state.answerBegan(closes: true) == true)
        #expect(state.answerEnded() == true)
        state.closed()
        #expect(state.dropsInput && !state.takesInput && !state.awaitsHead)
    }

    @Test("The response to the last request closes the connection")
    func theAnswerToTheLastRequestIsTheLast() {
        var state = ConnectionState()
        state.passedHead(isLast: true)
        #expect(state.takesInput && !state.dropsInput)
        state.passedEnd()
        // What follows it does not matter.
        #expect(state.dropsInput)
        #expect(state.answerBegan(closes: false) == true)
        #expect(state.answerEnded() == true)
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
        #expect(reading.answerEnded() == true)
        reading.closed()
        #expect(reading.bodyIsLate() == false)
    }

    @Test("A response before the whole request is the last one")
    func anAnswerBeforeTheWholeRequestIsTheLast() {
        var state = ConnectionState()
        state.passedHead()
        #expect(state.answerBegan(closes: false) == true)
        #expect(state.answerEnded() == true)
    }

    @Test("More input than is kept makes the current response the last one")
    func moreThanIsKept() {
        var state = afterARequest()
        state.overflowed()
        #expect(state.dropsInput)
        #expect(state.answerBegan(closes: false) == true)
    }

    @Test("A fault is refused at once, or by the body's reader")
    func aFaultIsRefusedAtOnceOrByTheReader() {
        var idle = ConnectionState()
        #expect(idle.faulted() == .refuse)
        var reading = ConnectionState()
        reading.passedHead()
        #expect(reading.faulted() == .tellReader)
        #expect(reading.dropsInput && !reading.takesInput && !reading.awaitsHead)
        #expect(reading.answerBegan(closes: false) == true)
    }
}
