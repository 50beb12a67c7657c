/// What became of the calls of a load.
package struct Tally: Equatable, Sendable {
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
    package mutating func add(_ response: Response, to shape: RequestShape, isMadeAgain: Bool = false) {
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
    package mutating func addUnknown(_ reason: String, _ shape: RequestShape) {
        unknownCalls += 1
        unknownItems += shape.decidingItems
        lostItems += shape.decidingItems
        refusals[reason, default: 0] += 1
    }

    package static func += (left: inout Tally, right: Tally) {
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
