import FaultChecker
import FaultJournal
import Testing

/// Ways to break what is promised of decisions. Each journal breaks one invariant, or those that come with it.
struct DecisionTests {
    @Test("A decision that was answered OK and is not there is not kept")
    func okNotKept() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...2, .ok())
            $0.end("I1")
        }
        #expect(fixture.broken == [.okNotKept])
        #expect(fixture.verdict.violations.first?.lines == [4, 5, 6])
    }

    @Test("A decision that is there under another reference or key is not kept, and was asked for by no call")
    func otherReferenceOrKey() {
        for row in [
            HistoryRow.accepted(1, "R2", key: "k"), .accepted(1, "R1", key: "other"), .accepted(1, "R1"),
        ] {
            let fixture = JournalFixture.with("I1") {
                $0.call(.accept, "I1", "R1", key: "k", at: 1...2, .ok())
                $0.end("I1", row)
            }
            #expect(fixture.broken == [.okNotKept, .decidedByNoCall])
        }
    }

    @Test("A decision under a revision that is another one is not kept")
    func otherRevision() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .decided("I1", 2))
            $0.call(.decline, "I1", "R2", at: 3...4, .ok())
            $0.end("I1", .accepted(1, "R1"), .declined(2, "R2"))
        }
        #expect(fixture.broken == [.okNotKept])
    }

    @Test("A charge that had arrived and is not there is not kept")
    func lostCharge() {
        let fixture = JournalFixture.with("I1") { _ in }
        #expect(fixture.broken == [.okNotKept])
        let ingested = JournalFixture.with {
            $0.call(
                .ingest, "p1", at: 1...2,
                .ok(.results([ItemResult("p1", "CREATED", operatorCode: "acme", value: "I1")])))
        }
        #expect(ingested.broken == [.okNotKept])
    }

    @Test(
        "A decision that was answered to have had no effect is there",
        arguments: [
            .unavailable, Answer(.http(429), code: "RATE_LIMITED"), Answer(.refused),
            .failed("I1", "CHARGE_LOCKED", "R1"), Answer(.http(200), code: "INVALID_TOKEN"),
        ])
    func notAppliedButIs(answer: Answer) {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, answer)
            $0.end("I1", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.notAppliedButIs])
    }

    @Test("A malformed item that had an effect is one that was not applied")
    func malformedApplied() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", " ", at: 1...11, .broken)
            $0.end("I1", .accepted(1, " "))
        }
        #expect(fixture.broken == [.notAppliedButIs])
    }

    @Test("One key decided twice")
    func decidedTwiceByKey() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...11, .broken)
            $0.call(.decline, "I1", "R2", at: 12...13, .ok())
            $0.call(.accept, "I1", "R1", key: "k", at: 14...15, .ok())
            $0.end("I1", .accepted(1, "R1", key: "k"), .declined(2, "R2"), .accepted(3, "R1", key: "k"))
        }
        #expect(fixture.broken.contains(.decidedTwice))
    }

    @Test("One call without a key decided twice")
    func decidedTwice() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", at: 1...5, .ok())
            $0.call(.decline, "I1", at: 2...3, .ok())
            $0.end("I1", .accepted(1), .declined(2), .accepted(3))
        }
        #expect(fixture.broken == [.decidedTwice])
    }

    @Test("A decision was made over one of the same kind")
    func decidedOver() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.accept, "I1", "R2", at: 3...4, .ok())
            $0.end("I1", .accepted(1, "R1"), .accepted(2, "R2"))
        }
        #expect(fixture.broken == [.decidedTwice])
    }

    @Test("A decision that no call asked for")
    func decidedByNoCall() {
        let fixture = JournalFixture.with("I1") { $0.end("I1", .accepted(1, "R1", key: "k")) }
        #expect(fixture.broken == [.decidedByNoCall])
    }

    @Test("Revisions are not in the order of their calls")
    func revisionOrder() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.decline, "I1", "R2", at: 3...4, .ok())
            $0.end("I1", .declined(1, "R2"), .accepted(2, "R1"))
        }
        #expect(fixture.broken.contains(.revisionOrder))
    }

    @Test("A revision is missing")
    func missingRevision() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.end("I1", .accepted(2, "R1"))
        }
        #expect(fixture.broken.contains(.revisionOrder))
    }

    @Test("An unknown call had its effect after its deadline")
    func appliedLate() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...11, .broken)
            $0.call(.decline, "I1", "R2", at: 30...31, .ok())
            $0.end("I1", .declined(1, "R2"), .accepted(2, "R1"))
        }
        #expect(fixture.broken == [.appliedLate])
    }

    @Test("The charge and its history do not say the same")
    func halfApplied() {
        var fixture = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.end("I1", .accepted(1, "R1"))
        }
        var other = fixture
        other.finals[0].row.decision = "NONE"
        other.finals[0].row.revision = 0
        other.finals[0].row.reference = nil
        #expect(other.broken == [.halfApplied])
        fixture.finals[0].history[0].takesReference = false
        #expect(fixture.broken == [.halfApplied], "the reference was not taken")
    }

    @Test("A reference names two charges")
    func referenceNamesTwo() {
        let fixture = JournalFixture.with("I1", "I2") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.accept, "I2", "R1", at: 3...4, .ok())
            $0.end("I1", .accepted(1, "R1"))
            $0.end("I2", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.referenceNamesTwo])
    }

    @Test("A show gave a reference that names another charge at the end")
    func referenceMoved() {
        let fixture = JournalFixture.with("I1", "I2") {
            $0.call(
                .show, credential: "t1", at: 1...2,
                .ok(
                    .charge(
                        ChargeRow("acme", "I1", status: "PENDING", decision: "NONE"), history: [],
                        references: ["R1"])))
            $0.call(.accept, "I2", "R1", at: 3...4, .ok())
            $0.end("I1")
            $0.end("I2", .accepted(1, "R1"))
        }
        #expect(fixture.broken == [.referenceNamesTwo])
    }

    @Test("One provider_charge_id has two charges, or is created twice")
    func chargeTwice() {
        for number in ["I1", "I2"] {
            let fixture = JournalFixture.with {
                for (time, given) in [(1.0, "I1"), (3.0, number)] {
                    $0.call(
                        .ingest, "p1", at: time...(time + 1),
                        .ok(.results([ItemResult("p1", "CREATED", operatorCode: "acme", value: given)])))
                }
                $0.end("I1")
                $0.end("I2")
            }
            #expect(fixture.broken == [.chargeTwice])
        }
    }
}
