import FaultChecker
import FaultJournal
import Testing

/// Ended tokens and suspended operators decide nothing a second later.
struct AccessTests {
    /// A token `t1` that was given at 1 s, and an accept with it from `sent` on.
    private func accept(
        _ sent: Double, answer: Answer? = .ok(), _ change: (inout JournalFixture) -> Void
    ) -> Set<Invariant> {
        JournalFixture.with("I1") {
            $0.call(.login, credential: "anna", at: 0.5...1, .ok(.token("t1")))
            $0.call(.accept, "I1", "R1", at: sent...(sent + 0.5), answer)
            if answer == nil || answer == .ok() { $0.end("I1", .accepted(1, "R1")) } else { $0.end("I1") }
            change(&$0)
        }.broken
    }

    @Test(
        "A call with a token that was released, or whose login ended, is not served a second later",
        arguments: [(CallKind.releaseToken, "t1"), (.endLogin, "anna")])
    func endedToken(kind: CallKind, credential: String) {
        let end: (inout JournalFixture) -> Void = { $0.call(kind, credential: credential, at: 2...3, .ok()) }
        #expect(accept(4.5, end) == [.endedTokenDecides])
        #expect(accept(3.9, end).isEmpty, "a node may not know it yet")
        #expect(accept(4.5, answer: Answer(.http(401), code: "INVALID_TOKEN"), end).isEmpty)
        #expect(accept(4.5, answer: .unavailable, end).isEmpty)
        #expect(
            accept(4.5, answer: nil, end) == [.endedTokenDecides], "it was applied, though never answered")
    }

    @Test("What was not answered OK ends nothing, and a login afterwards is another token")
    func notEnded() {
        #expect(accept(4.5) { $0.call(.releaseToken, credential: "t1", at: 2...3, .broken) }.isEmpty)
        #expect(accept(4.5) { $0.call(.releaseToken, credential: "t2", at: 2...3, .ok()) }.isEmpty)
        #expect(accept(4.5) { $0.call(.endLogin, credential: "anna", at: 0.2...0.4, .ok()) }.isEmpty)
        #expect(accept(4.5) { $0.call(.endLogin, credential: "bert", at: 2...3, .ok()) }.isEmpty)
    }

    @Test("A suspended operator's calls are not served, and its tokens end")
    func suspended() {
        #expect(
            accept(4.5) { $0.call(.suspendOperator, at: 2...3, Answer(.exit(0))) } == [.endedTokenDecides])
        #expect(accept(3.9) { $0.call(.suspendOperator, at: 2...3, Answer(.exit(0))) }.isEmpty)
        let newToken: (inout JournalFixture) -> Void = {
            $0.entries[1].call.credential = "t9"
            $0.call(.suspendOperator, at: 2...3, Answer(.exit(0)))
        }
        #expect(accept(4.5, newToken) == [.suspendedOperatorDecides])
        #expect(accept(4.5, answer: nil, newToken) == [.suspendedOperatorDecides])
    }

    @Test("A resumption that may have come first makes it right, answered or not", arguments: [true, false])
    func resumed(isAnswered: Bool) {
        let broken = accept(6) {
            $0.entries[1].call.credential = "t9"
            $0.call(.suspendOperator, at: 2...3, Answer(.exit(0)))
            $0.call(.resumeOperator, at: 4...5, isAnswered ? Answer(.exit(0)) : nil)
        }
        #expect(broken.isEmpty)
    }

    @Test("Tokens and suspensions are checked without a final read")
    func incomplete() {
        var fixture = JournalFixture.with("I1") {
            $0.call(.releaseToken, credential: "t1", at: 2...3, .ok())
            $0.call(.accept, "I1", "R1", at: 5...6, .ok())
        }
        fixture.isComplete = false
        #expect(fixture.broken == [.endedTokenDecides])
        #expect(!fixture.verdict.isComplete)
    }
}
