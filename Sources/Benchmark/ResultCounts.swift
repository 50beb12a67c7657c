/// What became of the calls of a load.
package struct ResultCounts: Equatable, Sendable {
    /// Calls answered OK, failed items or not.
    package var calls = 0
    /// How often the service said that nothing of a call was applied.
    package var refusedCalls = 0
    /// Calls of which nobody knows: no answer, a broken one, or one that says so.
    package var unknownCalls = 0
    /// How many items those had that were meant to succeed.
    package var unknownItems = 0
    /// Items that were to be decided and, as far as is known, were not: of unknown calls, and of refused ones that were
    /// not made again. Each charge stands as it stood, and its next visit may fail for that.
    package var lostItems = 0
    /// Items answered OK.
    package var items = 0
    /// Items that failed, by the code that the service gave.
    package var failures: [String: Int] = [:]
    /// Items that were answered and were meant to fail, by the code.
    package var meantFailures: [String: Int] = [:]
    /// Answers that did not list as many charges as they were to.
    package var wrongLists = 0
    /// Why calls were refused or are unknown, by the service's code or a word of our own.
    package var refusals: [String: Int] = [:]

    package init() {}

    package var failedItems: Int { failures.values.reduce(0, +) }

    /// - Parameter isMadeAgain: Whether the call is, if it was refused.
    package mutating func add(_ response: Response, to shape: ExpectedResult, isMadeAgain: Bool = false) {
        switch response.kind {
        case .answered:
            calls += 1
            items += shape.items - response.failures.count
            for code in response.failures { failures[code, default: 0] += 1 }
            meantFailures.merge(shape.failures, uniquingKeysWith: +)
            if response.listedCharges != shape.listedCharges { wrongLists += 1 }
        case .refused:
            refusedCalls += 1
            if !isMadeAgain { lostItems += shape.decidingItems }
            refusals[response.code, default: 0] += 1
        case .unknown: addUnknown(response.code, shape)
        }
    }

    /// A call that has no answer, and why.
    package mutating func addUnknown(_ reason: String, _ shape: ExpectedResult) {
        unknownCalls += 1
        unknownItems += shape.decidingItems
        lostItems += shape.decidingItems
        refusals[reason, default: 0] += 1
    }

    package static func += (left: inout ResultCounts, right: ResultCounts) {
        left.calls += right.calls
        left.refusedCalls += right.refusedCalls
        left.unknownCalls += right.unknownCalls
        left.unknownItems += right.unknownItems
        left.lostItems += right.lostItems
        left.items += right.items
        left.wrongLists += right.wrongLists
        left.failures.merge(right.failures, uniquingKeysWith: +)
        left.meantFailures.merge(right.meantFailures, uniquingKeysWith: +)
        left.refusals.merge(right.refusals, uniquingKeysWith: +)
    }
}

extension ResultCounts {
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
