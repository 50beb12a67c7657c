import Synchronization

/// The sequence in which a load visits one operator's charges.
///
/// It visits all charges in the order of their numbers and repeats that in rounds. Rounds accept and decline in turn.
/// Every visit is a new decision with a new reference number, so a load of any length needs only a fixed number of
/// charges.
package final class KeySequence: Sendable {
    /// A range of adjacent charges with the same decision.
    package struct KeyRange: Equatable, Sendable {
        package let first: Int
        package let count: Int
        package let isAccepting: Bool
        /// The reference number of the first charge. The others have the numbers that follow.
        package let firstReference: Int
    }

    /// The number of charges. They are numbered from 1.
    package let chargeCount: Int
    private let visits = Mutex(0)

    package init(chargeCount: Int) {
        precondition(chargeCount > 0)
        self.chargeCount = chargeCount
    }

    /// Takes the next charges: `count` of them, or fewer at the end of a round.
    package func take(_ count: Int) -> KeyRange {
        visits.withLock { visits in
            let place = visits % chargeCount
            let taken = min(count, chargeCount - place)
            let range = KeyRange(
                first: place + 1, count: taken, isAccepting: (visits / chargeCount).isMultiple(of: 2),
                firstReference: visits + 1)
            visits += taken
            return range
        }
    }

    /// Skips visits that another program makes.
    ///
    /// - Returns: The number of earlier visits.
    package func skip(_ count: Int) -> Int {
        visits.withLock { visits in
            defer { visits += count }
            return visits
        }
    }
}

/// The series of decision calls of a load: the operator and the charges of each call. Operators take turns.
package final class DecisionSeries: Sendable {
    /// A call of the series.
    package struct Call: Sendable {
        package let operatorIndex: Int
        package let isAccepting: Bool
        package let items: [BenchmarkItem]
        package let expected: ExpectedResult
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
            let range = one.keySequence.take(itemsPerCall - failures)
            isAccepting = range.isAccepting
            for offset in 0..<range.count {
                let charge = range.first + offset
                items.append(
                    BenchmarkItem(
                        number: charge, customer: charge, reference: range.firstReference + offset))
            }
        }
        var expected = ExpectedResult(items: items.count + failures)
        for failure in firstFailure..<(firstFailure + failures) {
            let kind = FailureKind(ofFailure: failure)
            items.append(Self.failing(failure, kind, of: one))
            expected.failures[kind.code(isAccepting: isAccepting), default: 0] += 1
        }
        return Call(operatorIndex: turn, isAccepting: isAccepting, items: items, expected: expected)
    }

    /// Failures near each other name different charges and numbers, as those of real clients do.
    private static func failing(_ failure: Int, _ kind: FailureKind, of one: BenchmarkOperator)
        -> BenchmarkItem
    {
        let charge = one.keySequence.chargeCount + 1 + failure % one.failingCharges
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

/// The names of the benchmark's charges. All names of a kind have the same length, so that a request's length depends
/// only on the number of its items.
package enum BenchmarkNames {
    /// The number of a charge: `I00000001`.
    package static func number(_ charge: Int) -> String { "I" + padded(charge, 8) }
    /// The customer of a charge: `C00000001`. Each charge has its own customer.
    package static func customer(_ charge: Int) -> String { "C" + padded(charge, 8) }
    /// The reference number of a charge with a history: `R-00000001`.
    package static func historyReference(_ charge: Int) -> String { "R-" + padded(charge, 8) }
    /// The code of the operator whose charges have a history.
    package static func historyOperatorCode(tag: String) -> String { "BENCH-\(tag)-HISTORY" }
    /// A reference number: `B-TAG-0000000001`.
    package static func reference(_ count: Int, tag: String) -> String { "B-\(tag)-" + padded(count, 10) }

    /// The count in the reference number of a charge that holds one. Key sequences never reach it.
    package static func heldReference(ofCharge charge: Int) -> Int { 9_000_000_000 + charge }

    /// The count in the reference number of an item that is expected to fail.
    ///
    /// - Parameter failure: The number of earlier items that were expected to fail.
    static func failingReference(_ failure: Int) -> Int { 8_000_000_000 + failure % 1_000_000_000 }

    /// A random tag that keeps the names of one run apart from those of others.
    package static func randomTag() -> String {
        String((0..<6).map { _ in tagAlphabet.randomElement() ?? "X" })
    }

    /// The letters and digits of tags, without those that look alike.
    private static let tagAlphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// An operator that the benchmark added.
package struct BenchmarkOperator: Sendable {
    package let code: String
    package let keySequence: KeySequence
    /// The number of charges of each kind for items that are expected to fail.
    ///
    /// These charges follow those of the key sequence: first the charges that are never decided, then as many charges
    /// that hold a reference number each.
    package let failingCharges: Int

    package init(code: String, keySequence: KeySequence, failingCharges: Int) {
        self.code = code
        self.keySequence = keySequence
        self.failingCharges = failingCharges
    }

    /// The numbers of the charges that hold a reference number.
    package var referenceHolders: ClosedRange<Int> {
        (keySequence.chargeCount + failingCharges + 1)...(keySequence.chargeCount + 2 * failingCharges)
    }

    /// The number of charges. They are numbered from 1.
    package var chargeCount: Int { referenceHolders.upperBound }
}
