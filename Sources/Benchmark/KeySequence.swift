import Synchronization

/// Walks over one operator's charges, in the order of their numbers, again and again: accepting them, declining
/// them, accepting them. Every visit is a decision newly made, under a reference number never used before; so a
/// load of any length needs no more charges than there are.
package final class KeySequence: Sendable {
    /// Charges next to each other that are decided alike.
    package struct KeyRange: Equatable, Sendable {
        package let first: Int
        package let count: Int
        package let isAccepting: Bool
        /// The reference number of the first one; those of the others follow.
        package let firstReference: Int
    }

    /// How many charges there are, numbered from 1.
    package let chargeCount: Int
    private let visits = Mutex(0)

    package init(chargeCount: Int) {
        precondition(chargeCount > 0)
        self.chargeCount = chargeCount
    }

    /// The next charges: so many, or fewer where the round ends.
    package func take(_ count: Int) -> KeyRange {
        visits.withLock { visits in
            let place = visits % chargeCount
            let taken = min(count, chargeCount - place)
            let stretch = KeyRange(
                first: place + 1, count: taken, isAccepting: (visits / chargeCount).isMultiple(of: 2),
                firstReference: visits + 1)
            visits += taken
            return stretch
        }
    }

    /// Leaves so many visits to somebody else, who makes them all.
    ///
    /// - Returns: How many there have been before.
    package func skip(_ count: Int) -> Int {
        visits.withLock { visits in
            defer { visits += count }
            return visits
        }
    }
}

/// The calls of a load that decides, one after the other: whose they are and which charges they name. Operators
/// take turns.
package final class DecisionSeries: Sendable {
    /// One call.
    package struct Call: Sendable {
        package let operatorIndex: Int
        package let isAccepting: Bool
        package let items: [BenchmarkItem]
        package let shape: ExpectedResult
    }

    package let operators: [BenchmarkOperator]
    private let itemsPerCall: Int
    private let failing: FailureRate
    private let counts = Mutex((calls: 0, items: 0, failures: 0))

    package init(operators: [BenchmarkOperator], itemsPerCall: Int, failing: FailureRate = .none) {
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
        var shape = ExpectedResult(items: items.count + failures)
        for failure in firstFailure..<(firstFailure + failures) {
            let kind = FailureKind(ofFailure: failure)
            items.append(Self.failing(failure, kind, of: one))
            shape.failures[kind.code(isAccepting: isAccepting), default: 0] += 1
        }
        return Call(operatorIndex: turn, isAccepting: isAccepting, items: items, shape: shape)
    }

    /// Failures near each other name different charges and numbers, as those of real clients do.
    private static func failing(_ failure: Int, _ kind: FailureKind, of one: BenchmarkOperator)
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

/// How the benchmark's charges are called. All names of a kind are of one length, so that a request's length
/// depends on the number of its items alone.
package enum BenchmarkNames {
    /// `I00000001`
    package static func number(_ charge: Int) -> String { "I" + padded(charge, 8) }
    /// `C00000001`: each charge has a customer of its own.
    package static func customer(_ charge: Int) -> String { "C" + padded(charge, 8) }
    /// `B-TAG-0000000001`
    package static func reference(_ count: Int, tag: String) -> String { "B-\(tag)-" + padded(count, 10) }

    /// The count of the reference number that a charge has which holds one. Walks never come so far.
    package static func heldReference(ofCharge charge: Int) -> Int { 9_000_000_000 + charge }

    /// The count of the reference number of an item that is meant to fail, of which there were so many before.
    static func failingReference(_ failure: Int) -> Int { 8_000_000_000 + failure % 1_000_000_000 }

    /// What tells one run's names from those of others.
    package static func randomTag() -> String {
        String((0..<6).map { _ in tagAlphabet.randomElement() ?? "X" })
    }

    /// Without what looks alike.
    private static let tagAlphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// An operator of the benchmark's own.
package struct BenchmarkOperator: Sendable {
    package let code: String
    package let walk: KeySequence
    /// After the charges of the walk come those that items name which are meant to fail: so many that are never
    /// decided, and then as many that hold a reference number each.
    package let failingCharges: Int

    package init(code: String, walk: KeySequence, failingCharges: Int) {
        self.code = code
        self.walk = walk
        self.failingCharges = failingCharges
    }

    /// Those that hold a reference number.
    package var referenceHolders: ClosedRange<Int> {
        (walk.chargeCount + failingCharges + 1)...(walk.chargeCount + 2 * failingCharges)
    }

    /// How many charges there are, numbered from 1.
    package var chargeCount: Int { referenceHolders.upperBound }
}
