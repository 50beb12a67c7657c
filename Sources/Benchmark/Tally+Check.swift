extension Tally {
    /// Every item that was answered OK is a decision newly written, and nothing else is: says what is wrong if the
    /// history's new rows are not so many; `nil` if they are.
    package func disagreement(historyRowsAdded rows: Int) -> String? {
        guard rows < items || rows > items + unknownItems else { return nil }
        let unknown = unknownItems > 0 ? ", and of \(unknownItems) more the outcome is unknown" : ""
        return "\(items) items were answered OK\(unknown), but the history has \(rows) rows more"
    }

    /// Says what is wrong if other items failed than those that were meant to, or no call was answered at all.
    package var surprise: String? {
        if calls == 0 { return "no call was answered OK: \(Self.list(refusals))" }
        guard surprises > 0 else { return nil }
        return "\(intendedFailures) items were meant to fail, and \(failedItems) did: \(Self.list(failures))"
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.isEmpty
            ? "none"
            : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
