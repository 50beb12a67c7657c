import Charges
import Synchronization

/// How many items failed, by operator, kind and code, since the counts were last taken. Bounded, and never in
/// anybody's way: it waits for nothing.
final class FailedItemCounts: Sendable {
    /// What is counted apart.
    struct Key: Hashable, Sendable {
        let operatorIdentifier: OperatorIdentifier
        /// What the item was to become, as the history calls it.
        let kind: String
        let code: ItemFailureCode
    }

    /// How many keys are held at most. Failures of a new key beyond that are not counted.
    static let maximumKeys = 10_000
    private let counts = Mutex<[Key: Int]>([:])

    /// Counts what failed among the outcomes of a call.
    func add(_ outcomes: [ItemOutcome], operatorIdentifier: OperatorIdentifier, kind: String) {
        var failed: [Key: Int] = [:]
        for case .failed(let failure) in outcomes {
            failed[Key(operatorIdentifier: operatorIdentifier, kind: kind, code: failure.code), default: 0] +=
                1
        }
        if !failed.isEmpty { add(failed) }
    }

    /// Adds counts, for instance such as were taken and could not be stored.
    func add(_ others: [Key: Int]) {
        counts.withLock { counts in
            for (key, count) in others where counts[key] != nil || counts.count < Self.maximumKeys {
                counts[key, default: 0] += count
            }
        }
    }

    /// Everything that was counted, which is forgotten here.
    func take() -> [Key: Int] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }
}
