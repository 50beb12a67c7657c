import FaultChecker
import FaultJournal
import Testing

/// Journals in which nothing is wrong, of each kind that could be taken for wrong.
struct CleanJournalTests {
    @Test("An empty journal and one without calls are clean")
    func empty() {
        #expect(JournalFixture().broken.isEmpty)
        #expect(JournalFixture.with("I1") { $0.end("I1") }.broken.isEmpty)
    }

    @Test("A decision that was answered OK, and is there, is clean")
    func decided() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...2, .ok())
            $0.show("I1", decision: "ACCEPTED", "R1", revision: 1, at: 3...4)
            $0.end("I1", .accepted(1, "R1", key: "k"))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("An unknown call may have been applied or not", arguments: [true, false], [true, false])
    func unknown(isApplied: Bool, isAnswered: Bool) {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...11, isAnswered ? .outcomeUnknown : nil)
            if isApplied { $0.end("I1", .accepted(1, "R1")) } else { $0.end("I1") }
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A retry under its key says whether an unknown call was applied; without effect it makes it")
    func retried() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...11, .broken)
            $0.call(.accept, "I1", "R1", key: "k", at: 12...13, .decided("I1", 1))
            $0.call(.accept, "I1", "R1", key: "k", at: 14...15, .ok())
            $0.end("I1", .accepted(1, "R1", key: "k"))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A retry after another decision is superseded")
    func superseded() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...11, .broken)
            $0.call(.decline, "I1", "R2", at: 12...13, .ok())
            $0.call(.accept, "I1", "R1", key: "k", at: 14...15, .failed("I1", "DECISION_SUPERSEDED", "R1"))
            $0.end("I1", .accepted(1, "R1", key: "k"), .declined(2, "R2"))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("Decisions without key or reference alternate, each a row of its own")
    func alternating() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", at: 1...2, .ok())
            $0.call(.decline, "I1", at: 3...4, .ok())
            $0.call(.accept, "I1", at: 5...15, .broken)
            $0.call(.decline, "I1", at: 20...21, .failed("I1", "CHARGE_ALREADY_DECLINED"))
            $0.call(.accept, "I1", at: 22...23, .decided("I1", 3))
            $0.end("I1", .accepted(1), .declined(2), .accepted(3))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("Of overlapping calls either may be first, and reads may see either state")
    func overlapping() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...5, .ok())
            $0.call(.decline, "I1", "R2", at: 2...6, .ok())
            $0.show("I1", decision: "NONE", at: 1.5...4)
            $0.show("I1", decision: "DECLINED", "R2", at: 3...4.5)
            $0.call(.accept, "I1", "R3", at: 4.2...4.9, .ok())
            $0.end("I1", .declined(1, "R2"), .accepted(2, "R1"))
        }
        #expect(fixture.broken == [.okNotKept], "R3 was answered OK, and is not there")
        var clean = fixture
        clean.entries.removeLast()
        #expect(clean.verdict.violations.isEmpty)
    }

    @Test("Policy decides undecided charges where it may, and the operator replaces it by the same kind")
    func policy() {
        var fixture = JournalFixture.with("I1") {
            $0.show("I1", decision: "ACCEPTED", revision: 1, at: 1...2)
            $0.call(.accept, "I1", "R1", at: 3...4, .decided("I1", 2))
            $0.end("I1", .accepted(1, by: "policy"), .accepted(2, "R1"))
        }
        #expect(fixture.broken == [.decidedByNoCall])
        fixture.settings.hasPolicy = true
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("Where repetitions succeed, OK may be a repetition, under whatever key")
    func forgiving() {
        var fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.accept, "I1", "R1", at: 3...4, .ok())
            $0.call(.accept, "I1", "R1", key: "k", at: 5...6, .decided("I1", 1))
            $0.end("I1", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.okNotKept])
        fixture.settings.repeatsSucceed = true
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A call that a proxy doubled may have its effect twice, or be refused by its double")
    func doubled() {
        let twice = JournalFixture.with("I1") {
            $0.call(.accept, "I1", at: 1...6, .ok(), resent: 4)
            $0.call(.decline, "I1", at: 2...3, .ok())
            $0.end("I1", .accepted(1), .declined(2), .accepted(3))
        }
        #expect(twice.verdict.violations.isEmpty)
        let refused = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...3, .failed("I1", "CHARGE_ALREADY_ACCEPTED", "R1"), resent: 2)
            $0.end("I1", .accepted(1, "R1"))
        }
        #expect(refused.verdict.violations.isEmpty)
    }

    @Test("A charge is taken, released, taken again, processed and acknowledged")
    func processed() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.take, "I1", revision: 1, at: 3...4, .ok())
            $0.call(.decline, "I1", "R2", at: 5...6, .failed("I1", "CHARGE_IN_PROCESS", "R2"))
            $0.call(.release, "I1", revision: 1, at: 7...8, .ok())
            $0.call(.decline, "I1", "R2", at: 9...10, .ok())
            $0.call(.accept, "I1", "R3", at: 11...12, .ok())
            $0.call(.take, "I1", revision: 1, at: 13...14, .failed("I1", "DECISION_CONFLICT"))
            $0.call(.take, "I1", revision: 3, at: 15...16, .broken)
            $0.call(.outcomes, "I1", revision: 3, value: "APPROVED", at: 17...18, .broken)
            $0.call(.outcomes, "I1", revision: 3, value: "APPROVED", at: 19...20, .ok())
            $0.call(
                .outcomes, "I1", value: "REJECTED", at: 21...22, .failed("I1", "CHARGE_ALREADY_PROCESSED"))
            $0.call(.accept, "I1", "R4", at: 21...22, .failed("I1", "CHARGE_ALREADY_PROCESSED", "R4"))
            $0.call(.acknowledge, "I1", key: "k", at: 23...24, .broken)
            $0.call(.acknowledge, "I1", key: "k", at: 25...26, .ok())
            $0.call(.acknowledge, "I1", at: 27...28, .failed("I1", "CHARGE_ALREADY_ACKNOWLEDGED"))
            $0.end(
                "I1", status: "APPROVED", .accepted(1, "R1"), .declined(2, "R2"), .accepted(3, "R3"),
                .acknowledged(key: "k"))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("An unknown call's effect may come late if a fault delayed it")
    func delayed() {
        var fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...11, .broken)
            $0.show("I1", decision: "NONE", at: 40...41)
            $0.show("I1", decision: "ACCEPTED", "R1", at: 44...45)
            $0.end("I1", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.appliedLate])
        fixture.faults = [
            (5, Fault("freeze", .begins, isServiceable: true, delaysEffects: true)),
            (42, Fault("freeze", .ends, isServiceable: true, delaysEffects: true)),
        ]
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A failover that loses only what was never answered is clean")
    func failover() {
        let fixture = JournalFixture.with("I1", "I2") {
            $0.call(.accept, "I1", "R1", at: 1...11, .broken)
            $0.call(.accept, "I2", "R2", at: 1...2, .ok())
            $0.faults = [(12, Fault("promotion", .begins, isServiceable: false, isFailover: true))]
            $0.call(.accept, "I1", "R3", at: 15...16, .ok())
            $0.end("I1", .accepted(1, "R3"))
            $0.end("I2", .accepted(1, "R2"))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }
}
