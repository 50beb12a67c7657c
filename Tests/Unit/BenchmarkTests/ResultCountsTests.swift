import Testing

@testable import Benchmark

/// Tests of the counts of a load's results, and of what contradicts them.
@Suite struct ResultCountsTests {
    private func tally(_ calls: (Response, ExpectedResult)...) -> ResultCounts {
        var tally = ResultCounts()
        for (response, shape) in calls { tally.add(response, to: shape) }
        return tally
    }

    private func ok(_ failures: String..., listedCharges: Int = 0) -> Response {
        var response = Response(status: 200, code: "OK")
        response.failures = failures
        response.listedCharges = listedCharges
        return response
    }

    private let unknown = Response(status: 503, code: "OUTCOME_UNKNOWN")
    private let refused = Response(status: 503, code: "SERVICE_UNAVAILABLE")

    @Test("Each item answered OK must be a history row")
    func eachItemAnsweredOKIsARow() {
        let tally = tally(
            (ok(), ExpectedResult(items: 50)), (ok("X"), ExpectedResult(items: 10, failures: ["X": 1])))
        #expect(tally.items == 59)
        #expect(tally.disagreement(historyRowsAdded: 59) == nil)
        #expect(
            tally.disagreement(historyRowsAdded: 58)
                == "59 items were answered OK, but the history has 58 more rows")
        #expect(tally.disagreement(historyRowsAdded: 60) != nil)
    }

    @Test(
        "An item with an unknown outcome may be a history row",
        arguments: [(9, false), (10, true), (15, true), (16, false)])
    func unknownItemsMayOrMayNotBeRows(rows: Int, agrees: Bool) {
        let tally = tally(
            (ok(), ExpectedResult(items: 10)), (unknown, ExpectedResult(items: 6, failures: ["X": 1])))
        #expect((tally.disagreement(historyRowsAdded: rows) == nil) == agrees)
    }

    @Test("Failures other than the expected ones are reported")
    func itIsSurprisedByFailuresThatWereNotMeant() {
        let one = ExpectedResult(items: 2, failures: ["X": 1])
        #expect(tally((ok(), ExpectedResult(items: 1))).surprise == nil)
        #expect(tally((ok("X"), one)).surprise == nil)
        #expect(tally((ok("X", "X"), one)).surprise == "failed items must be 1 X, but are 2 X")
        #expect(tally((ok(), one)).surprise == "failed items must be 1 X, but are none")
        #expect(tally((ok("Y"), one)).surprise == "failed items must be 1 X, but are 1 Y")
    }

    /// The charge of an item that was not decided stands as it stood, and fails at its next visit. No others do.
    @Test("A lost item excuses one unexpected failure")
    func aLostItemExcusesOneFailure() {
        let two = ExpectedResult(items: 2)
        #expect(tally((refused, two), (ok("Y", "Y"), two)).surprise == nil)
        #expect(tally((unknown, two), (ok("Y", "Y"), two)).surprise == nil)
        #expect(tally((refused, two), (ok("Y", "Y"), two), (ok("Y"), two)).surprise != nil)
        // A missing failure is no such thing.
        #expect(tally((refused, two), (ok(), ExpectedResult(items: 1, failures: ["X": 1]))).surprise != nil)
        var again = ResultCounts()
        again.add(refused, to: two, isMadeAgain: true)
        #expect(again.refusedCalls == 1)
        #expect(again.lostItems == 0)
    }

    @Test("A list with a wrong number of charges is reported")
    func aListHasAsManyChargesAsThereAre() {
        let fifty = ExpectedResult(items: 0, listedCharges: 50)
        #expect(tally((ok(listedCharges: 50), fifty)).surprise == nil)
        #expect(
            tally((ok(), fifty), (ok(listedCharges: 49), fifty)).surprise
                == "2 lists had a wrong number of charges")
    }

    @Test("A load with too few answered calls is reported")
    func aLoadThatNobodyAnsweredIsNone() {
        #expect(tally((ok(), ExpectedResult(items: 1))).silence == nil)
        #expect(
            tally((unknown, ExpectedResult(items: 1))).silence == "no call was answered OK: 1 OUTCOME_UNKNOWN"
        )
        #expect(tally((ok(), ExpectedResult(items: 1)), (unknown, ExpectedResult(items: 1))).silence == nil)
        let lost = (unknown, ExpectedResult(items: 1))
        #expect(tally((ok(), ExpectedResult(items: 1)), lost, lost).silence != nil)
        #expect(ResultCounts().silence == "no call was answered OK: none")
    }
}
