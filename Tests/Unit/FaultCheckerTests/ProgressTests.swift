import FaultChecker
import FaultJournal
import Testing

/// With a majority healthy some call succeeds within 30 s.
struct ProgressTests {
    /// Clients that call every second for 60 s, and get an answer half a second later.
    private func run(_ answer: (Int) -> Answer, _ change: (inout JournalFixture) -> Void = { _ in })
        -> Verdict
    {
        var fixture = JournalFixture.with("I1") { $0.end("I1") }
        for second in 0..<60 {
            fixture.call(
                .accept, "I1", "R\(second)", at: Double(second)...(Double(second) + 0.5), answer(second))
        }
        change(&fixture)
        return fixture.verdict
    }

    private func broken(_ verdict: Verdict) -> [Invariant] { verdict.violations.map(\.invariant) }
    private let locked = Answer.failed("I1", "CHARGE_LOCKED")

    @Test("Half a minute without a success is too long, once")
    func standstill() {
        let verdict = run { _ in .unavailable }
        #expect(broken(verdict) == [.noProgress])
        #expect(verdict.figures == RunFigures(calls: 60, ok: 0, failed: 60, longestGap: 59_500_000_000))
    }

    @Test("A success in time is enough")
    func success() {
        let verdict = run { $0 == 20 || $0 == 45 ? locked : .outcomeUnknown }
        #expect(broken(verdict).isEmpty)
        #expect(verdict.figures == RunFigures(calls: 60, ok: 2, unknown: 58, longestGap: 24_500_000_000))
    }

    @Test("Without a healthy majority nothing is asked, and the time begins with it")
    func noMajority() {
        func fault(_ time: Double, _ isServiceable: Bool) -> (time: Double, fault: Fault) {
            (time, Fault("partition", isServiceable ? .ends : .begins, isServiceable: isServiceable))
        }
        #expect(broken(run({ _ in .unavailable }) { $0.faults = [fault(0, false)] }).isEmpty)
        #expect(
            broken(run({ _ in .unavailable }) { $0.faults = [fault(0, false), fault(40, true)] }).isEmpty)
        #expect(
            broken(run({ _ in .unavailable }) { $0.faults = [fault(0, false), fault(20, true)] }) == [
                .noProgress
            ])
        #expect(broken(run({ _ in .unavailable }) { $0.faults = [fault(35, false)] }) == [.noProgress])
    }

    @Test("Clients that have stopped calling wait for nothing")
    func silence() {
        var fixture = JournalFixture.with("I1") { $0.end("I1") }
        fixture.call(.accept, "I1", "R1", at: 1...2, .unavailable)
        fixture.call(.accept, "I1", "R2", at: 100...101, .unavailable)
        #expect(fixture.verdict.violations.isEmpty)
    }
}
