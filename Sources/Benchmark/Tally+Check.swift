extension Tally {
    /// Items that failed and were not meant to, or by another code.
    package var unmeantFailures: Int { Self.excess(failures, over: meantFailures) }

    /// Items that were meant to fail and did not, or by another code.
    package var missingFailures: Int { Self.excess(meantFailures, over: failures) }

    /// Every item that was answered OK is a decision newly written, and nothing else is: says what is wrong if the
    /// history's new rows are not so many; `nil` if they are.
    package func disagreement(historyRowsAdded rows: Int) -> String? {
        guard rows < items || rows > items + unknownItems else { return nil }
        let unknown = unknownItems > 0 ? ", and of \(unknownItems) more the outcome is unknown" : ""
        return "\(items) items were answered OK\(unknown), but the history has \(rows) rows more"
    }

    /// Says what is wrong if a load had no answer, or more calls without one than with one: its figures would be those of
    /// something else than the service. `nil` if not.
    package var silence: String? {
        if calls == 0 { return "no call was answered OK: \(Self.list(refusals))" }
        guard unknownCalls > calls else { return nil }
        return "\(calls) calls were answered OK, and more were not: \(Self.list(refusals))"
    }

    /// Says what is wrong if answers are not what was asked for; `nil` if they are. A lost item excuses one failure.
    package var surprise: String? {
        if wrongLists > 0 { return "\(wrongLists) lists had not as many charges as there are" }
        guard missingFailures > 0 || unmeantFailures > lostItems else { return nil }
        return "failed items were to be \(Self.list(meantFailures)), and are \(Self.list(failures))"
    }

    private static func excess(_ some: [String: Int], over others: [String: Int]) -> Int {
        some.reduce(0) { $0 + max(0, $1.value - others[$1.key, default: 0]) }
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "none"
            : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
