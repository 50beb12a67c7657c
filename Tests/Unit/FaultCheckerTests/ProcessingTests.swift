import FaultChecker
import FaultJournal
import Testing

/// Ways to break what is promised of charges that the provider has processed or taken, and of acknowledgements.
struct ProcessingTests {
    /// A charge that was accepted and then approved.
    private func approved(_ change: (inout JournalFixture) -> Void) -> JournalFixture {
        JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.outcomes, "I1", value: "APPROVED", at: 3...4, .ok())
            change(&$0)
        }
    }

    @Test("The final state is another one than was answered")
    func otherState() {
        #expect(
            approved { $0.end("I1", status: "DECLINED", .accepted(1, "R1")) }.broken.contains(
                .processedChanged))
        #expect(approved { $0.end("I1", .accepted(1, "R1")) }.broken == [.okNotKept])
    }

    @Test("A read gave another final state")
    func readOtherState() {
        let fixture = approved {
            $0.show("I1", status: "REJECTED", at: 5...6)
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.processedChanged])
    }

    @Test("A decision was made after the charge was processed")
    func decidedAfterwards() {
        let fixture = approved {
            $0.call(.decline, "I1", "R2", at: 5...6, .ok())
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"), .declined(2, "R2"))
        }
        #expect(fixture.broken == [.processedChanged])
    }

    @Test("A charge was processed by another decision than its last")
    func otherRevision() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.decline, "I1", "R2", at: 3...9, .ok())
            $0.call(.accept, "I1", "R3", at: 3...9, .ok())
            $0.call(.outcomes, "I1", revision: 1, value: "APPROVED", at: 3...9, .ok())
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"), .declined(2, "R2"), .accepted(3, "R3"))
        }
        #expect(fixture.broken == [.processedChanged])
    }

    @Test("A decision was made while the charge was taken")
    func decidedWhileTaken() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.take, "I1", revision: 1, at: 3...4, .ok())
            $0.call(.decline, "I1", "R2", at: 5...6, .ok())
            $0.call(.release, "I1", revision: 1, at: 7...8, .ok())
            $0.end("I1", .accepted(1, "R1"), .declined(2, "R2"))
        }
        #expect(fixture.broken == [.processedChanged])
        var released = fixture
        released.entries[3].sent = 5.5
        #expect(released.verdict.violations.isEmpty, "the release may have come first")
    }

    @Test("An outcome that no call asked for, or that was refused, is there")
    func outcomeByNoCall() {
        let nobody = JournalFixture.with("I1") { $0.end("I1", status: "REJECTED") }
        #expect(nobody.broken == [.decidedByNoCall])
        let refused = JournalFixture.with("I1") {
            $0.call(.outcomes, "I1", value: "REJECTED", at: 1...2, .unavailable)
            $0.end("I1", status: "REJECTED")
        }
        #expect(refused.broken == [.notAppliedButIs])
    }

    @Test("An acknowledgement that was answered OK is not there")
    func acknowledgementLost() {
        let fixture = approved {
            $0.call(.acknowledge, "I1", "R9", at: 5...6, .ok())
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"))
        }
        #expect(fixture.broken.contains(.okNotKept))
    }

    @Test("An acknowledgement that was refused is there, and one that no call asked for")
    func acknowledgementUnasked() {
        let refused = approved {
            $0.call(.acknowledge, "I1", at: 5...6, .unavailable)
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"), .acknowledged())
        }
        #expect(refused.broken == [.notAppliedButIs])
        let unasked = approved { $0.end("I1", status: "APPROVED", .accepted(1, "R1"), .acknowledged()) }
        #expect(unasked.broken == [.decidedByNoCall])
    }

    @Test("A charge was acknowledged twice")
    func acknowledgedTwice() {
        let fixture = approved {
            $0.call(.acknowledge, "I1", at: 5...6, .ok())
            $0.call(.acknowledge, "I1", at: 7...8, .ok())
            $0.end("I1", status: "APPROVED", .accepted(1, "R1"), .acknowledged())
        }
        #expect(fixture.broken == [.decidedTwice])
    }
}
