import Testing

@testable import Benchmark

/// Tests of the counts of a load's results, and of what contradicts them.
@Suite struct ResultCountsTests {
    private func counts(_ calls: (Response, ExpectedResult)...) -> ResultCounts {
        var counts = ResultCounts()
        for (response, expected) in calls { counts.add(response, to: expected) }
        return counts
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
        let counts = counts(
            (ok(), ExpectedResult(items: 50)), (ok("X"), ExpectedResult(items: 10, failures: ["X": 1])))
        #expect(counts.items == 59)
        #expect(counts.mismatch(historyRowsAdded: 59) == nil)
        #expect(
            counts.mismatch(historyRowsAdded: 58)
                == "59 items were answered OK, but the history has 58 more rows")
        #expect(counts.mismatch(historyRowsAdded: 60) != nil)
    }

    @Test(
        "An item with an unknown outcome may be a history row",
        arguments: [(9, false), (10, true), (15, true), (16, false)])
    func unknownItemsMayOrMayNotBeRows(rows: Int, agrees: Bool) {
        let counts = counts(
            (ok(), ExpectedResult(items: 10)), (unknown, ExpectedResult(items: 6, failures: ["X": 1])))
        #expect((counts.mismatch(historyRowsAdded: rows) == nil) == agrees)
    }

    @Test("Failures other than the expected ones are reported")
    func itIsSurprisedByFailuresThatWereNotMeant() {
        let one = ExpectedResult(items: 2, failures: ["X": 1])
        #expect(counts((ok(), ExpectedResult(items: 1))).unexpectedResult == nil)
        #expect(counts((ok("X"), one)).unexpectedResult == nil)
        #expect(counts((ok("X", "X"), one)).unexpectedResult == "failed items must be 1 X, but are 2 X")
        #expect(counts((ok(), one)).unexpectedResult == "failed items must be 1 X, but are none")
        #expect(counts((ok("Y"), one)).unexpectedResult == "failed items must be 1 X, but are 1 Y")
    }

    /// The charge of an item that was not decided stands as it stood, and fails at its next visit. No others do.
    @Test("A lost item excuses one unexpected failure")
    func aLostItemExcusesOneFailure() {
        let two = ExpectedResult(items: 2)
        #expect(counts((refused, two), (ok("Y", "Y"), two)).unexpectedResult == nil)
        #expect(counts((unknown, two), (ok("Y", "Y"), two)).unexpectedResult == nil)
        #expect(counts((refused, two), (ok("Y", "Y"), two), (ok("Y"), two)).unexpectedResult != nil)
        // A missing failure is no such thing.
        #expect(
            counts((refused, two), (ok(), ExpectedResult(items: 1, failures: ["X": 1]))).unexpectedResult
                != nil)
        var again = ResultCounts()
        again.add(refused, to: two, isMadeAgain: true)
        #expect(again.refusedCalls == 1)
        #expect(again.lostItems == 0)
    }

    @Test("A list with a wrong number of charges is reported")
    func aListHasAsManyChargesAsThereAre() {
        let fifty = ExpectedResult(items: 0, listedCharges: 50)
        #expect(counts((ok(listedCharges: 50), fifty)).unexpectedResult == nil)
        #expect(
            counts((ok(), fifty), (ok(listedCharges: 49), fifty)).unexpectedResult
                == "2 lists had a wrong number of charges")
    }

    @Test("A load with too few answered calls is reported")
    func aLoadThatNobodyAnsweredIsNone() {
        #expect(counts((ok(), ExpectedResult(items: 1))).inactivity == nil)
        #expect(
            counts((unknown, ExpectedResult(items: 1))).inactivity
                == "no call was answered OK: 1 OUTCOME_UNKNOWN"
        )
        #expect(
            counts((ok(), ExpectedResult(items: 1)), (unknown, ExpectedResult(items: 1))).inactivity == nil)
        let lost = (unknown, ExpectedResult(items: 1))
        #expect(counts((ok(), ExpectedResult(items: 1)), lost, lost).inactivity != nil)
        #expect(ResultCounts().inactivity == "no call was answered OK: none")
    }
}
