/// The counts of the results of a load.
package struct ResultCounts: Equatable, Sendable {
    /// The number of calls that were answered OK, with or without failed items.
    package var calls = 0
    /// The number of responses by which nothing of a call was applied.
    package var refusedCalls = 0
    /// The number of calls with an unknown outcome: without a response, or with one that is broken or says so.
    package var unknownCalls = 0
    /// The number of items of these calls that were expected to succeed.
    package var unknownItems = 0
    /// The number of items that may not have been decided: items of unknown calls, and of refused calls that were not
    /// made again. The next visit of such a charge may fail.
    package var lostItems = 0
    /// The number of items that succeeded.
    package var items = 0
    /// The number of failed items by the code of the service.
    package var failures: [String: Int] = [:]
    /// The number of answered items that were expected to fail, by the expected code.
    package var expectedFailures: [String: Int] = [:]
    /// The number of responses with another number of charges than expected.
    package var wrongLists = 0
    /// The number of refused and unknown calls by reason: the service's code, or a text of the benchmark.
    package var refusals: [String: Int] = [:]

    package init() {}

    package var failedItems: Int { failures.values.reduce(0, +) }

    /// Counts a response.
    ///
    /// - Parameter isMadeAgain: Whether the call is made again if it was refused.
    package mutating func add(_ response: Response, to expected: ExpectedResult, isMadeAgain: Bool = false) {
        switch response.kind {
        case .answered:
            calls += 1
            items += expected.items - response.failures.count
            for code in response.failures { failures[code, default: 0] += 1 }
            expectedFailures.merge(expected.failures, uniquingKeysWith: +)
            if response.listedCharges != expected.listedCharges { wrongLists += 1 }
        case .refused:
            refusedCalls += 1
            if !isMadeAgain { lostItems += expected.decidingItems }
            refusals[response.code, default: 0] += 1
        case .unknown: addUnknown(response.code, expected)
        }
    }

    /// Counts a call without a response.
    package mutating func addUnknown(_ reason: String, _ expected: ExpectedResult) {
        unknownCalls += 1
        unknownItems += expected.decidingItems
        lostItems += expected.decidingItems
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
        left.expectedFailures.merge(right.expectedFailures, uniquingKeysWith: +)
        left.refusals.merge(right.refusals, uniquingKeysWith: +)
    }
}

extension ResultCounts {
    /// The number of items that failed unexpectedly or with another code.
    package var unexpectedFailures: Int { Self.excess(failures, over: expectedFailures) }

    /// The number of items that were expected to fail and did not, or failed with another code.
    package var missingFailures: Int { Self.excess(expectedFailures, over: failures) }

    /// The description of a wrong number of new history rows; `nil` if it is right. Every item that was answered OK
    /// adds exactly one row, and nothing else does.
    package func mismatch(historyRowsAdded rows: Int) -> String? {
        guard rows < items || rows > items + unknownItems else { return nil }
        let unknown = unknownItems > 0 ? ", and the outcome of \(unknownItems) more is unknown" : ""
        return "\(items) items were answered OK\(unknown), but the history has \(rows) more rows"
    }

    /// The description of a load with no answered call, or with more unknown calls than answered ones; `nil` otherwise.
    /// The figures of such a load do not describe the service.
    package var inactivity: String? {
        if calls == 0 { return "no call was answered OK: \(Self.list(refusals))" }
        guard unknownCalls > calls else { return nil }
        return "\(calls) calls were answered OK, but more calls were not: \(Self.list(refusals))"
    }

    /// The description of unexpected results; `nil` if all are expected. Each lost item excuses one failure.
    package var unexpectedResult: String? {
        if wrongLists > 0 { return "\(wrongLists) lists had a wrong number of charges" }
        guard missingFailures > 0 || unexpectedFailures > lostItems else { return nil }
        return "failed items must be \(Self.list(expectedFailures)), but are \(Self.list(failures))"
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
