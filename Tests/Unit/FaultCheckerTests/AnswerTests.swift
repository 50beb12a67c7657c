import FaultChecker
import FaultJournal
import Testing

/// Ways in which an answer can be false.
struct AnswerTests {
    /// A charge that was accepted under R1 (1 to 2 s) and then declined under R2 (5 to 6 s).
    private func declined(_ change: (inout JournalFixture) -> Void) -> JournalFixture {
        JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", key: "k", at: 1...2, .ok())
            $0.call(.decline, "I1", "R2", at: 5...6, .ok())
            $0.end("I1", .accepted(1, "R1", key: "k"), .declined(2, "R2"))
            change(&$0)
        }
    }

    @Test("A read that shows what an answered call had replaced is stale")
    func staleRead() {
        #expect(declined { $0.show("I1", decision: "ACCEPTED", "R1", at: 7...8) }.broken == [.staleRead])
        #expect(declined { $0.show("I1", decision: "NONE", at: 3...4) }.broken == [.staleRead])
        #expect(declined { $0.show("I1", decision: "ACCEPTED", "R1", at: 5.5...8) }.broken.isEmpty)
    }

    @Test("A read that goes back behind another read, a refusal or the feed is stale")
    func nonMonotonicRead() {
        let unknown = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...11, .broken)
            $0.show("I1", decision: "NONE", at: 4...5)
            $0.end("I1", .accepted(1, "R1"))
        }
        #expect(unknown.broken.isEmpty)
        var read = unknown
        read.show("I1", decision: "ACCEPTED", "R1", at: 2...3)
        #expect(read.broken == [.staleRead])
        var refusal = unknown
        refusal.call(
            .accept, "I1", "R9", at: 2...3, .failed("I1", "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "R9"))
        #expect(refusal.broken == [.staleRead])
        var page = unknown
        page.call(.feed, after: 0, at: 2...3, .ok(.feed([FeedRow(1, "acme", "I1", "ACCEPTED", 1)])))
        #expect(page.broken == [.staleRead])
    }

    @Test("A read that shows a processed or acknowledged charge as it was before is stale")
    func staleStatus() {
        let fixture = JournalFixture.with("I1") {
            $0.call(.outcomes, "I1", value: "REJECTED", at: 1...2, .ok())
            $0.call(.acknowledge, "I1", at: 3...4, .ok())
            $0.end("I1", status: "REJECTED", .acknowledged())
        }
        var pending = fixture
        pending.show("I1", at: 5...6)
        #expect(pending.broken == [.staleRead])
        var listed = fixture
        listed.show("I1", status: "REJECTED", at: 5...6)
        #expect(listed.broken == [.staleRead], "a list has no acknowledged charges")
    }

    @Test("A show that does not find a charge that is there is stale")
    func notFoundByShow() {
        for item in [CallItem("I1"), CallItem("", reference: "R1")] {
            let fixture = declined {
                $0.send(
                    Call(.show, client: "a", target: "n", operatorCode: "acme", items: [item]), at: 7...8,
                    Answer(.http(404), code: "NOT_FOUND"))
            }
            #expect(fixture.broken == [.staleRead])
        }
    }

    @Test("A read that shows what never was, or not yet, is impossible")
    func impossibleRead() {
        #expect(declined { $0.show("I1", decision: "ACCEPTED", "R7", at: 7...8) }.broken == [.impossibleRead])
        #expect(declined { $0.show("I1", decision: "DECLINED", "R2", at: 3...4) }.broken == [.impossibleRead])
        #expect(declined { $0.show("I1", status: "APPROVED", at: 7...8) }.broken == [.impossibleRead])
        let history = declined {
            $0.call(
                .show, credential: "t1", at: 7...8,
                .ok(
                    .charge(
                        ChargeRow("acme", "I1", status: "PENDING"),
                        history: [.accepted(1, "R8"), .declined(2, "R2")], references: ["R1", "R2"])))
        }
        #expect(history.broken == [.impossibleRead])
    }

    @Test(
        "A code that no state of the charge within the interval could give is impossible",
        arguments: [
            ("CHARGE_ALREADY_ACCEPTED", "R1", 7.0), ("CHARGE_ALREADY_ACCEPTED", "R9", 3.0),
            ("CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "R1", 3.0),
            ("CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "R9", 7.0), ("CHARGE_ALREADY_DECLINED", "R2", 7.0),
            ("CHARGE_ALREADY_PROCESSED", "R9", 7.0), ("CHARGE_IN_PROCESS", "R9", 7.0),
            ("CHARGE_NOT_FOUND", "R9", 7.0), ("CUSTOMER_MISMATCH", "R9", 7.0),
            ("REFERENCE_NUMBER_IN_USE", "R2", 7.0), ("REFERENCE_NUMBER_IN_USE", "R9", 7.0),
            ("DUPLICATE_IN_REQUEST", "R9", 7.0), ("INVALID_REFERENCE_NUMBER", "R9", 7.0),
            ("DECISION_SUPERSEDED", "R9", 7.0), ("CHARGE_NOT_PROCESSED", "R9", 7.0),
        ])
    func impossibleCode(code: String, reference: String, sent: Double) {
        let fixture = declined {
            $0.call(.accept, "I1", reference, at: sent...(sent + 0.5), .failed("I1", code, reference))
        }
        #expect(fixture.broken == [.impossibleCode])
    }

    @Test(
        "A code that some state within the interval gives is possible",
        arguments: [
            ("CHARGE_ALREADY_ACCEPTED", "R1", 3.0), ("CHARGE_ALREADY_ACCEPTED", "R1", 5.5),
            ("CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "R9", 1.5), ("CHARGE_LOCKED", "R9", 7.0),
        ])
    func possibleCode(code: String, reference: String, sent: Double) {
        let fixture = declined {
            $0.call(.accept, "I1", reference, at: sent...(sent + 0.5), .failed("I1", code, reference))
        }
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A repetition under a key that had been applied must say so")
    func falseRetry() {
        let superseded = declined { $0.call(.accept, "I1", "R1", key: "k", at: 7...8, .ok()) }
        #expect(superseded.broken == [.impossibleCode])
        let judgedAnew = declined {
            $0.call(.accept, "I1", "R1", key: "k", at: 3...4, .failed("I1", "CHARGE_ALREADY_ACCEPTED", "R1"))
        }
        #expect(judgedAnew.broken == [.impossibleCode])
        let right = declined {
            $0.call(.accept, "I1", "R1", key: "k", at: 7...8, .failed("I1", "DECISION_SUPERSEDED", "R1"))
        }
        #expect(right.verdict.violations.isEmpty)
    }

    @Test("The provider's codes are claims about the charge as well")
    func providerCodes() {
        let codes: [(CallKind, Int?, String?, String)] = [
            (.take, 2, nil, "DECISION_CONFLICT"), (.take, 2, nil, "DECISION_REQUIRED"),
            (.take, 1, nil, "OK"), (.take, 2, nil, "CHARGE_ALREADY_PROCESSED"),
            (.release, 2, nil, "DECISION_CONFLICT"), (.outcomes, 2, "DECLINED", "DECISION_CONFLICT"),
            (.outcomes, nil, "APPROVED", "DECISION_REQUIRED"),
            (.outcomes, nil, "APPROVED", "INVALID_OUTCOME"),
            (.outcomes, nil, "APPROVED", "CHARGE_ALREADY_PROCESSED"),
        ]
        for (kind, revision, value, code) in codes {
            let answer: Answer = code == "OK" ? .ok() : .failed("I1", code)
            let fixture = declined {
                $0.call(kind, "I1", revision: revision, value: value, at: 7...8, answer)
            }
            #expect(fixture.broken == [.impossibleCode], "\(kind) \(code)")
        }
    }

    @Test("The provider's conflict needs another content")
    func chargeConflict() {
        var fixture = JournalFixture.with {
            $0.call(.ingest, "p1", value: "9.90", at: 1...2, .broken)
            $0.call(.ingest, "p1", value: "9.90", at: 3...4, .failed("p1", "CHARGE_CONFLICT"))
        }
        #expect(fixture.broken == [.impossibleCode])
        fixture.entries[0].call.items[0].value = "9.9"
        #expect(fixture.verdict.violations.isEmpty)
    }

    @Test("A number that appears twice in a call is refused, and an answer names items of its call alone")
    func callLevel() {
        let items = [CallItem("I1", customer: "c1", reference: "R3"), CallItem("I1", customer: "c1")]
        let call = Call(.accept, client: "a", target: "n", operatorCode: "acme", items: items)
        let applied = declined { $0.send(call, at: 7...8, .failed("I1", "DUPLICATE_IN_REQUEST", "R3")) }
        #expect(applied.verdict.violations.isEmpty, "one result stands for both here")
        let missed = declined { $0.send(call, at: 7...8, .failed("I1", "CHARGE_LOCKED")) }
        #expect(missed.verdict.violations.isEmpty, "a locked charge was not looked at")
        let stranger = declined {
            $0.call(.accept, "I1", "R1", key: "k", at: 3...4, .failed("I77", "CHARGE_LOCKED", "R1"))
        }
        #expect(stranger.broken == [.impossibleCode])
    }

    @Test("An answer that rests on what a failover then lost")
    func lostByFailover() {
        let lost = JournalFixture.with("I1") {
            $0.call(.accept, "I1", "R1", at: 1...11, .broken)
            $0.faults = [(12, Fault("promotion", .begins, isServiceable: false, isFailover: true))]
            $0.end("I1")
        }
        #expect(lost.broken.isEmpty)
        var read = lost
        read.show("I1", decision: "ACCEPTED", "R1", at: 2...3)
        #expect(read.broken == [.answerLostByFailover])
        var refusal = lost
        refusal.call(
            .accept, "I1", "R9", at: 2...3, .failed("I1", "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "R9"))
        #expect(refusal.broken == [.answerLostByFailover])
        var inUse = lost
        inUse.call(.accept, "I1", "R9", at: 2...3, .failed("I1", "REFERENCE_NUMBER_IN_USE", "R9"))
        #expect(inUse.broken == [.answerLostByFailover])
        var later = read
        later.faults[0].time = 1.5
        #expect(later.broken == [.impossibleRead], "the failover was over before")
    }
}
