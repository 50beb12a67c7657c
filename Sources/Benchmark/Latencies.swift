import Histogram

/// How long calls took: an HdrHistogram of microseconds, three digits exact.
package struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(highestTrackableValue: 3_600_000_000)

    package init() {}

    /// How many were recorded.
    package var count: Int { Int(histogram.totalCount) }

    package mutating func record(nanoseconds: Int64) {
        _ = histogram.record(UInt64(max(0, min(nanoseconds / 1000, 3_600_000_000))))
    }

    /// The time within which so many of a hundred calls were answered, in milliseconds; `nil` if there were none.
    package func milliseconds(percentile: Double) -> Double? {
        guard count > 0 else { return nil }
        return Double(histogram.valueAtPercentile(percentile)) / 1000
    }

    /// The longest, in milliseconds; `nil` if there were none.
    package var maximumMilliseconds: Double? { count > 0 ? Double(histogram.maxRecorded) / 1000 : nil }
}

/// A figure of several runs.
package struct SummaryStatistics: Equatable, Sendable {
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

/// What pgbench printed at its end.
package struct PgbenchOutput: Equatable, Sendable {
    package let transactions: Int
    package let transactionsPerSecond: Double

    /// - Returns: `nil` if this is not what pgbench prints when all went well.
    package init?(_ text: String) {
        func number(after name: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { line in
                Double(line.dropFirst(name.count).prefix { $0.isNumber || $0 == "." })
            }
        }
        guard let transactions = number(after: "number of transactions actually processed: "),
            let rate = number(after: "tps = "),
            number(after: "number of failed transactions: ") ?? 0 == 0
        else { return nil }
        self.transactions = Int(transactions)
        transactionsPerSecond = rate
    }
}
