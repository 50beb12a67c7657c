import Synchronization

/// The calls of a load that decides, one after the other: whose they are and which charges they name. Operators
/// take turns.
package final class DecisionSeries: Sendable {
    /// One call.
    package struct Call: Sendable {
        package let operatorIndex: Int
        package let isAccepting: Bool
        package let items: [BenchmarkItem]
        package let shape: RequestShape
    }

    package let operators: [BenchmarkOperator]
    private let itemsPerCall: Int
    private let failing: FailingShare
    private let counts = Mutex((calls: 0, items: 0, failures: 0))

    package init(operators: [BenchmarkOperator], itemsPerCall: Int, failing: FailingShare = .none) {
        self.operators = operators
        self.itemsPerCall = itemsPerCall
        self.failing = failing
    }

    package func next() -> Call {
        let (turn, firstFailure, failures) = counts.withLock { counts in
            defer { counts.calls += 1 }
            let firstFailure = counts.failures
            for _ in 0..<itemsPerCall {
                if failing.includes(counts.items) { counts.failures += 1 }
                counts.items += 1
            }
            return (counts.calls % operators.count, firstFailure, counts.failures - firstFailure)
        }
        let one = operators[turn]
        var items: [BenchmarkItem] = []
        items.reserveCapacity(itemsPerCall)
        var isAccepting = true
        if itemsPerCall > failures {
            let stretch = one.walk.take(itemsPerCall - failures)
            isAccepting = stretch.isAccepting
            for offset in 0..<stretch.count {
                let charge = stretch.first + offset
                items.append(
                    BenchmarkItem(
                        number: charge, customer: charge, reference: stretch.firstReference + offset))
            }
        }
        var shape = RequestShape(items: items.count + failures)
        for failure in firstFailure..<(firstFailure + failures) {
            let kind = FailingKind(ofFailure: failure)
            items.append(Self.failing(failure, kind, of: one))
            shape.failures[kind.code(isAccepting: isAccepting), default: 0] += 1
        }
        return Call(operatorIndex: turn, isAccepting: isAccepting, items: items, shape: shape)
    }

    /// Failures near each other name different charges and numbers, as those of real clients do.
    private static func failing(_ failure: Int, _ kind: FailingKind, of one: BenchmarkOperator)
        -> BenchmarkItem
    {
        let charge = one.walk.chargeCount + 1 + failure % one.failingCharges
        let reference = BenchmarkNames.failingReference(failure)
        switch kind {
        case .otherCustomer: return BenchmarkItem(number: charge, customer: charge - 1, reference: reference)
        case .unknownCharge:
            return BenchmarkItem(number: charge, isKnown: false, customer: charge, reference: reference)
        case .heldReference:
            let held = BenchmarkNames.heldReference(ofCharge: charge + one.failingCharges)
            return BenchmarkItem(number: charge, customer: charge, reference: held)
        }
    }
}
