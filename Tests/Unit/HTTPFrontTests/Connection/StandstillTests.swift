import Testing

@testable import HTTPFront

/// What is known of a process that may have stood still.
struct StandstillTests {
    private let start = ContinuousClock.now

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func aProcessThatBeatsHasNotStoodStill() {
        var standstill = Standstill(now: start)
        for beat in 1...50 { standstill.beat(after(100 * beat)) }
        #expect(!standstill.mayHaveBeen(after(5000)))
        #expect(!standstill.mayHaveBeen(after(5300)))
    }

    @Test func aMissingBeatShowsAStandstillBeforeTheNextOne() {
        var standstill = Standstill(now: start)
        standstill.beat(after(100))
        #expect(standstill.mayHaveBeen(after(2000)))
    }

    @Test func whatArrivedMeanwhileIsSuspectAfterTheNextBeat() {
        var standstill = Standstill(now: start)
        standstill.beat(after(100))
        standstill.beat(after(9000))
        for beat in 1...200 { standstill.beat(after(9000 + 100 * beat)) }
        #expect(standstill.mayHaveBeen(after(29_000)))
        for beat in 201...310 { standstill.beat(after(9000 + 100 * beat)) }
        #expect(!standstill.mayHaveBeen(after(40_000)))
    }
}
