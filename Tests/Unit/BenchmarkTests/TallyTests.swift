import Testing

@testable import Benchmark

@Suite struct TallyTests {
    private func tally(_ calls: (Response, RequestShape)...) -> Tally {
        var tally = Tally()
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

    @Test func eachItemAnsweredOKIsARow() {
        let tally = tally(
            (ok(), RequestShape(items: 50)), (ok("X"), RequestShape(items: 10, failures: ["X": 1])))
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
            (ok(), RequestShape(items: 10)), (unknown, RequestShape(items: 6, failures: ["X": 1])))
        #expect((tally.disagreement(historyRowsAdded: rows) == nil) == agrees)
    }

    @Test func itIsSurprisedByFailuresThatWereNotMeant() {
        let one = RequestShape(items: 2, failures: ["X": 1])
        #expect(tally((ok(), RequestShape(items: 1))).surprise == nil)
        #expect(tally((ok("X"), one)).surprise == nil)
        #expect(tally((ok("X", "X"), one)).surprise == "failed items were to be 1 X, and are 2 X")
        #expect(tally((ok(), one)).surprise == "failed items were to be 1 X, and are none")
        #expect(tally((ok("Y"), one)).surprise == "failed items were to be 1 X, and are 1 Y")
    }

    /// The charge of an item that was not decided stands as it stood, and fails at its next visit. No others do.
    @Test func aLostItemExcusesOneFailure() {
        let two = RequestShape(items: 2)
        #expect(tally((refused, two), (ok("Y", "Y"), two)).surprise == nil)
        #expect(tally((unknown, two), (ok("Y", "Y"), two)).surprise == nil)
        #expect(tally((refused, two), (ok("Y", "Y"), two), (ok("Y"), two)).surprise != nil)
        // A missing failure is no such thing.
        #expect(tally((refused, two), (ok(), RequestShape(items: 1, failures: ["X": 1]))).surprise != nil)
        var again = Tally()
        again.add(refused, to: two, isMadeAgain: true)
        #expect(again.refusedCalls == 1)
        #expect(again.lostItems == 0)
    }

    @Test func aListHasAsManyChargesAsThereAre() {
        let fifty = RequestShape(items: 0, listedCharges: 50)
        #expect(tally((ok(listedCharges: 50), fifty)).surprise == nil)
        #expect(
            tally((ok(), fifty), (ok(listedCharges: 49), fifty)).surprise
                == "2 lists had not as many charges as there are")
    }

    @Test func aLoadThatNobodyAnsweredIsNone() {
        #expect(tally((ok(), RequestShape(items: 1))).silence == nil)
        #expect(
            tally((unknown, RequestShape(items: 1))).silence == "no call was answered OK: 1 OUTCOME_UNKNOWN")
        #expect(tally((ok(), RequestShape(items: 1)), (unknown, RequestShape(items: 1))).silence == nil)
        let lost = (unknown, RequestShape(items: 1))
        #expect(tally((ok(), RequestShape(items: 1)), lost, lost).silence != nil)
        #expect(Tally().silence == "no call was answered OK: none")
    }
}
