import Testing

@testable import Benchmark

@Suite struct TallyTests {
    private func tally(_ calls: (Response, RequestShape)...) -> Tally {
        var tally = Tally()
        for (response, shape) in calls { tally.add(response, to: shape) }
        return tally
    }

    private func ok(_ failures: String...) -> Response {
        Response(status: 200, code: "OK", failures: failures)
    }

    private let unknown = Response(status: 503, code: "OUTCOME_UNKNOWN", failures: [])

    @Test func eachItemAnsweredOKIsARow() {
        let tally = tally(
            (ok(), RequestShape(items: 50)), (ok("X"), RequestShape(items: 10, failingItems: 1)))
        #expect(tally.items == 59)
        #expect(tally.disagreement(historyRowsAdded: 59) == nil)
        #expect(
            tally.disagreement(historyRowsAdded: 58)
                == "59 items were answered OK, but the history has 58 rows more")
        #expect(tally.disagreement(historyRowsAdded: 60) != nil)
    }

    /// What nobody knows may have happened, and nothing else.
    @Test(arguments: [(9, false), (10, true), (15, true), (16, false)])
    func unknownItemsMayOrMayNotBeRows(rows: Int, agrees: Bool) {
        let tally = tally(
            (ok(), RequestShape(items: 10)), (unknown, RequestShape(items: 6, failingItems: 1)))
        #expect((tally.disagreement(historyRowsAdded: rows) == nil) == agrees)
    }

    @Test func itIsSurprisedByFailuresThatWereNotMeant() {
        #expect(tally((ok(), RequestShape(items: 1))).surprise == nil)
        #expect(tally((ok("X"), RequestShape(items: 2, failingItems: 1))).surprise == nil)
        #expect(
            tally((ok("X", "X"), RequestShape(items: 2, failingItems: 1))).surprise
                == "1 items were meant to fail, and 2 did: 2 X")
        #expect(tally((ok(), RequestShape(items: 2, failingItems: 1))).surprise != nil)
        #expect(
            tally((unknown, RequestShape(items: 1))).surprise == "no call was answered OK: 1 OUTCOME_UNKNOWN")
    }
}
