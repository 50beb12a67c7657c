import FaultChecker
import FaultJournal
import Testing

/// Ways in which decision files and the history can disagree.
@Suite struct DecisionFileTests {
    private static let file = DecisionFileRecord(
        number: 1, state: "DONE", kind: "ACCEPTED",
        rows: [
            .init("N1", reference: "R1", result: "OK", revision: 1),
            .init("N2", reference: "R2", result: "CHARGE_NOT_FOUND"),
            .init("N3", reference: nil, hasFault: true, result: nil),
            .init("N4", reference: "R4", result: "OK", revision: 2),
        ])
    private static let history = [
        "N1": [HistoryRow(1, "ACCEPTED", reference: "R1", madeBy: "operator")],
        "N4": [
            HistoryRow(1, "DECLINED", reference: nil, madeBy: "policy"),
            HistoryRow(2, "ACCEPTED", reference: "R4", madeBy: "operator"),
        ],
    ]

    private func broken(
        _ change: (inout DecisionFileRecord, inout [String: [HistoryRow]]) -> Void
    ) -> Set<Invariant> {
        var file = Self.file
        var history = Self.history
        change(&file, &history)
        return Set(DecisionFileRecord.violations(of: [file], history: history).map(\.invariant))
    }

    @Test(
        "A file whose rows are the history's decisions is clean, and so is one that is paused with a reason")
    func clean() {
        #expect(broken { _, _ in }.isEmpty)
        #expect(
            broken { file, _ in
                file.state = "PAUSED"
                file.pauseReason = "LOGIN_ENDED"
            }.isEmpty)
    }

    @Test("A row is decided twice, or by no row")
    func decidedTwice() {
        #expect(
            broken { _, history in
                history["N1"]?.append(HistoryRow(2, "ACCEPTED", reference: "R1", madeBy: "operator"))
            } == [.fileDecidedTwice])
        #expect(
            broken { _, history in
                history["N2"] = [HistoryRow(1, "ACCEPTED", reference: "R2", madeBy: "operator")]
            } == [.fileDecidedTwice])
        #expect(broken { file, _ in file.rows.append(file.rows[0]) } == [.fileDecidedTwice])
    }

    @Test("A result is false: the history has no such decision, or another one")
    func falseResults() {
        #expect(broken { _, history in history["N1"] = nil } == [.fileResultFalse])
        #expect(
            broken { _, history in
                history["N1"] = [HistoryRow(1, "DECLINED", reference: "R1", madeBy: "operator")]
            } == [.fileResultFalse, .fileDecidedTwice])
    }

    @Test("A file does not end, is paused without a reason, or is done with a row that has no outcome")
    func notEnded() {
        for state in ["RECEIVED", "CHECKED", "RUNNING", "PAUSED"] {
            #expect(broken { file, _ in file.state = state } == [.fileNotEnded])
        }
        #expect(broken { file, _ in file.rows[1].result = nil } == [.fileNotEnded])
    }
}
