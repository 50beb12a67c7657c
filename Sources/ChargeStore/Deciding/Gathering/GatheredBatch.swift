import Charges

/// The items of several calls as one batch, in the order of their keys.
struct GatheredBatch: Sendable {
    let batch: DecisionBatch
    /// For each item of the batch its call, and its place among that call's items.
    private let origins: [(call: Int, item: Int)]
    private let itemCounts: [Int]

    /// - Parameter calls: Each call's items; no charge twice.
    init(_ calls: [[DecisionBatch.Entry]]) {
        origins = calls.indices
            .flatMap { call in calls[call].indices.map { (call: call, item: $0) } }
            .sorted { left, right in
                let (one, other) = (calls[left.call][left.item], calls[right.call][right.item])
                return one.operatorIdentifier == other.operatorIdentifier
                    ? one.item.number < other.item.number : one.operatorIdentifier < other.operatorIdentifier
            }
        itemCounts = calls.map(\.count)
        batch = DecisionBatch(origins.map { calls[$0.call][$0.item] })
    }

    /// What was said of the batch's items, call by call, in the order in which each gave its items.
    func byCall(_ verdicts: [DecisionVerdict?]) -> [[DecisionVerdict?]] {
        var found = itemCounts.map { [DecisionVerdict?](repeating: nil, count: $0) }
        for (origin, verdict) in zip(origins, verdicts) { found[origin.call][origin.item] = verdict }
        return found
    }
}
