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
        for failure in firstFailure..<(firstFailure + failures) {
            items.append(Self.failing(failure, of: one))
        }
        return Call(
            operatorIndex: turn, isAccepting: isAccepting, items: items,
            shape: RequestShape(items: items.count, failingItems: failures))
    }

    /// The kinds of failure take turns: another customer, a charge that does not exist, a reference number that
    /// another charge has. Failures near each other name different charges and numbers, as those of real clients do.
    private static func failing(_ failure: Int, of one: BenchmarkOperator) -> BenchmarkItem {
        let charge = one.walk.chargeCount + 1 + failure % one.failingCharges
        let reference = BenchmarkNames.failingReference(failure)
        switch failure % 3 {
        case 0: return BenchmarkItem(number: charge, customer: charge - 1, reference: reference)
        case 1: return BenchmarkItem(number: charge, isKnown: false, customer: charge, reference: reference)
        default:
            let held = BenchmarkNames.heldReference(ofCharge: charge + one.failingCharges)
            return BenchmarkItem(number: charge, customer: charge, reference: held)
        }
    }
}
