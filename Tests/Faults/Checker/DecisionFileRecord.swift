package import FaultJournal

/// A decision file of an operator that decides by files alone, as the database has it when all faults are over.
package struct DecisionFileRecord: Equatable, Sendable {
    /// A row of the file, with a reference number of its own.
    package struct Row: Equatable, Sendable {
        package var number: String
        package var reference: String?
        /// Whether it cannot be read, so that nothing is done with it.
        package var hasFault: Bool
        /// `OK`, or the code with which the item failed; `nil` if nothing is known.
        package var result: String?
        package var revision: Int?

        package init(
            _ number: String, reference: String?, hasFault: Bool = false, result: String?,
            revision: Int? = nil
        ) {
            self.number = number
            self.reference = reference
            self.hasFault = hasFault
            self.result = result
            self.revision = revision
        }
    }

    package var number: Int
    /// The state, and why it is paused.
    package var state: String
    package var pauseReason: String?
    /// The kind of its decisions in the history.
    package var kind: String
    package var rows: [Row]

    package init(number: Int, state: String, pauseReason: String? = nil, kind: String, rows: [Row]) {
        self.number = number
        self.state = state
        self.pauseReason = pauseReason
        self.kind = kind
        self.rows = rows
    }

    /// What a row and a row of the history have in common if they are the same decision.
    private struct Decision: Hashable {
        let number: String
        let kind: String
        let reference: String?
        let revision: Int?
    }

    /// *file-decided-twice*, *file-result-false*, *file-not-ended*: the rows that say `OK` and the rows of the history are
    /// the same decisions, each once, however often a node was killed between deciding and writing the result.
    ///
    /// - Parameter history: The decisions of each charge of the operator, by its number.
    package static func violations(of files: [DecisionFileRecord], history: [String: [HistoryRow]])
        -> [Violation]
    {
        var findings = Findings()
        var said: [Decision: Int] = [:]
        for file in files {
            let hasEnded = ["DONE", "CANCELLED", "FAILED"].contains(file.state)
            if !hasEnded, file.state != "PAUSED" || file.pauseReason == nil {
                findings.add(.fileNotEnded, lines: [], "file \(file.number) is \(file.state) at the end")
            }
            for row in file.rows {
                if file.state == "DONE", !row.hasFault, row.result == nil {
                    findings.add(
                        .fileNotEnded, lines: [],
                        "file \(file.number) is done, and the row of \(row.number) has no outcome")
                }
                guard row.result == "OK" else { continue }
                let decision = Decision(
                    number: row.number, kind: file.kind, reference: row.reference, revision: row.revision)
                said[decision, default: 0] += 1
                let found = (history[row.number] ?? []).filter {
                    $0.kind == file.kind && $0.reference == row.reference && $0.revision == row.revision
                }
                if found.isEmpty {
                    findings.add(
                        .fileResultFalse, lines: [],
                        "the row of \(row.number) in file \(file.number) says OK, and the history has no such decision"
                    )
                }
            }
        }
        for (number, rows) in history.sorted(by: { $0.key < $1.key }) {
            for row in rows where row.madeBy == "operator" {
                let decision = Decision(
                    number: number, kind: row.kind, reference: row.reference, revision: row.revision)
                guard said[decision] != 1 else { continue }
                findings.add(
                    .fileDecidedTwice, lines: [],
                    "revision \(row.revision) (\(row.kind)) of \(number) is the decision of "
                        + "\(said[decision] ?? 0) rows of files")
            }
        }
        return findings.violations
    }
}
