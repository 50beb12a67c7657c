import FaultChecker
import FaultJournal
import TestSupport
import Testing

/// Journals that a model makes are clean, and each change that makes an answer or the final state false is caught.
struct ModelTests {
    private func journal(seed: UInt64, calls: Int, callsPerCharge: Int = 12) -> [JournalRecord] {
        var model = JournalModel(generator: SeededGenerator(seed: seed))
        return model.journal(calls: calls, callsPerCharge: callsPerCharge)
    }

    private func check(_ records: [JournalRecord]) -> Verdict {
        var checker = Checker()
        for (place, record) in records.enumerated() { checker.add(record, line: place + 1) }
        return checker.finish()
    }

    @Test("A journal of the model is clean", arguments: 1...4 as ClosedRange<UInt64>, [12, 200])
    func clean(seed: UInt64, callsPerCharge: Int) {
        let records = journal(seed: seed, calls: 3_000, callsPerCharge: callsPerCharge)
        let verdict = check(records)
        #expect(verdict.violations.isEmpty)
        for violation in verdict.violations.prefix(3) {
            for line in violation.lines { print(line, records[line - 1].text) }
        }
        #expect(verdict.figures.calls == 3_000)
        #expect(verdict.figures.ok > 2_000)
    }

    @Test("One change to a clean journal is caught", arguments: JournalChange.allCases)
    func changed(change: JournalChange) {
        for seed in 1...4 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var records = journal(seed: seed, calls: 1_000)
            guard let expected = change.apply(to: &records, using: &generator) else {
                Issue.record("seed \(seed) has nothing to change")
                continue
            }
            let broken = Set(check(records).violations.map(\.invariant))
            #expect(!broken.isDisjoint(with: expected), "seed \(seed): \(broken)")
        }
    }
}
