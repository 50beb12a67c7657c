import Charges

/// The items of several calls as one batch, in the order of their keys.
struct GatheredBatch: Sendable {
    let batch: DecisionBatch
    /// For each item of the batch its call, and its place among that call's items.
    private let origins: [(call: Int, item: Int)]
    private let itemCounts: [Int]

    /// - Parameter calls: Each call's items; no charge twice.
    init(_ calls: [[DecisionBatch.Entry]]) {
        itemCounts = calls.map(\.count)
        var keys: [(operatorIdentifier: OperatorIdentifier, number: ExactText, call: Int, item: Int)] = []
        keys.reserveCapacity(itemCounts.reduce(0, +))
        for (call, entries) in calls.enumerated() {
            for (item, entry) in entries.enumerated() {
                keys.append((entry.operatorIdentifier, entry.number, call, item))
            }
        }
        keys.sort { ($0.operatorIdentifier, $0.number) < ($1.operatorIdentifier, $1.number) }
        origins = keys.map { ($0.call, $0.item) }
        batch = DecisionBatch(origins.map { calls[$0.call][$0.item] })
    }

    /// What was said of the batch's items, call by call, in the order in which each gave its items.
    func byCall(_ verdicts: [DecisionVerdict?]) -> [[DecisionVerdict?]] {
        var found = itemCounts.map { [DecisionVerdict?](repeating: nil, count: $0) }
        for (origin, verdict) in zip(origins, verdicts) { found[origin.call][origin.item] = verdict }
        return found
    }
}
