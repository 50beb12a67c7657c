import FaultChecker
import FaultJournal
import Testing

/// Ways in which statements can be wrong.
struct StatementTests {
    /// A charge that was declined after it was accepted, and one with an outcome and an acknowledgement.
    private func broken(by change: (inout [EventRow]) -> Void) -> Set<Invariant> {
        var fixture = JournalFixture.with("I1", "I2") {
            $0.call(.accept, "I1", "R1", at: 1...2, .ok())
            $0.call(.decline, "I1", "R2", at: 3...4, .ok())
            $0.call(.accept, "I2", "R3", at: 5...6, .ok())
            $0.call(.outcomes, "I2", revision: 1, value: "APPROVED", at: 7...8, .ok())
            $0.call(.acknowledge, "I2", "R3", at: 9...10, .ok())
            $0.end("I1", .accepted(1, "R1"), .declined(2, "R2"))
            $0.end("I2", status: "APPROVED", .accepted(1, "R3"), .acknowledged("R3"))
        }
        var lines = statementLines(of: fixture.finals)
        change(&lines)
        fixture.statements = lines
        return fixture.broken
    }

    private func renumber(_ lines: inout [EventRow]) {
        for place in lines.indices { lines[place].eventNumber = place + 1 }
    }

    @Test("Statements with each event once are clean, however they are cut")
    func clean() {
        #expect(broken { _ in }.isEmpty)
        #expect(broken { for place in 2...4 { $0[place].statement = 2 } }.isEmpty)
    }

    @Test("An event is in no statement")
    func lost() {
        #expect(
            broken {
                $0.remove(at: 1); renumber(&$0)
            } == [.statementLost])
        #expect(broken { $0.removeLast() } == [.statementLost])
        #expect(broken { $0 = [] } == [.statementLost])
    }

    @Test("An event is in two statements")
    func twice() {
        #expect(
            broken { $0.append(EventRow("acme", statement: 2, 6, "ACKNOWLEDGED", "I2", 1)) } == [
                .statementTwice
            ])
    }

    @Test("Numbers have gaps, or the events of a charge are out of order")
    func order() {
        #expect(broken { $0[4].eventNumber = 7 } == [.statementOrder])
        #expect(broken { $0[3].statement = 2 } == [.statementOrder])
        #expect(
            broken {
                $0.swapAt(0, 1); renumber(&$0)
            } == [.statementOrder])
    }

    @Test("A statement has what never happened")
    func untrue() {
        #expect(
            broken { $0.append(EventRow("acme", statement: 1, 6, "OUTCOME_REJECTED", "I1", 2)) } == [
                .statementFalse
            ])
        #expect(
            broken { $0.append(EventRow("acme", statement: 1, 6, "NOTHING", "I1", 2)) } == [.statementFalse])
    }
}
