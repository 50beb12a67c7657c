/// What became of the calls of a load.
package struct Tally: Equatable, Sendable {
    /// Calls answered OK, failed items or not.
    package var calls = 0
    /// Calls of which the service says that nothing was applied.
    package var refusedCalls = 0
    /// Calls of which nobody knows: no answer, a broken one, or one that says so.
    package var unknownCalls = 0
    /// How many items those had that were meant to succeed.
    package var unknownItems = 0
    /// Items answered OK.
    package var items = 0
    /// Items that failed, by the code that the service gave.
    package var failures: [String: Int] = [:]
    /// How many of the items that were answered were meant to fail.
    package var intendedFailures = 0
    /// Why calls were refused or are unknown, by the service's code or a word of our own.
    package var refusals: [String: Int] = [:]

    package init() {}

    package var failedItems: Int { failures.values.reduce(0, +) }

    /// Items that failed and should not have, or the reverse.
    package var surprises: Int { abs(failedItems - intendedFailures) }

    package mutating func add(_ response: Response, to shape: RequestShape) {
        switch response.kind {
        case .answered:
            calls += 1
            items += shape.items - response.failures.count
            intendedFailures += shape.failingItems
            for code in response.failures { failures[code, default: 0] += 1 }
        case .refused:
            refusedCalls += 1
            refusals[response.code, default: 0] += 1
        case .unknown: addUnknown(response.code, shape)
        }
    }

    /// A call that has no answer, and why.
    package mutating func addUnknown(_ reason: String, _ shape: RequestShape) {
        unknownCalls += 1
        unknownItems += shape.items - shape.failingItems
        refusals[reason, default: 0] += 1
    }

    package static func += (left: inout Tally, right: Tally) {
        left.calls += right.calls
        left.refusedCalls += right.refusedCalls
        left.unknownCalls += right.unknownCalls
        left.unknownItems += right.unknownItems
        left.items += right.items
        left.intendedFailures += right.intendedFailures
        left.failures.merge(right.failures, uniquingKeysWith: +)
        left.refusals.merge(right.refusals, uniquingKeysWith: +)
    }
}
