/// A figure of several runs.
package struct Spread: Equatable, Sendable {
    package let median: Double
    package let lowest: Double
    package let highest: Double

    /// - Returns: `nil` if there are none.
    package init?(_ values: [Double]) {
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        self.lowest = lowest
        self.highest = highest
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
