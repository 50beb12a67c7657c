import Histogram

/// The latencies of calls: an HdrHistogram of microseconds with three significant digits.
package struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(highestTrackableValue: 3_600_000_000)

    package init() {}

    /// Reads pgbench's log of transactions (manual, pgbench, "Per-Transaction Logging"): the third field of a line is the
    /// microseconds from the time at which the transaction was due.
    package init(pgbenchLog log: String) {
        self.init()
        for line in log.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count > 2, let microseconds = Int64(fields[2]) {
                record(nanoseconds: microseconds * 1000)
            }
        }
    }

    /// The number of recorded latencies.
    package var count: Int { Int(histogram.totalCount) }

    package mutating func record(nanoseconds: Int64) {
        _ = histogram.record(UInt64(max(0, min(nanoseconds / 1000, 3_600_000_000))))
    }

    /// The latency at a percentile in milliseconds; `nil` if there is none.
    package func milliseconds(percentile: Double) -> Double? {
        guard count > 0 else { return nil }
        return Double(histogram.valueAtPercentile(percentile)) / 1000
    }

    /// The maximum latency in milliseconds; `nil` if there is none.
    package var maximumMilliseconds: Double? { count > 0 ? Double(histogram.maxRecorded) / 1000 : nil }
}

/// The summary statistics of a figure over several runs.
package struct SummaryStatistics: Equatable, Sendable {
    package let median: Double
    package let lowest: Double
    package let highest: Double

    /// Summarises values.
    ///
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

/// The result that pgbench prints at its end.
package struct PgbenchOutput: Equatable, Sendable {
    package let transactions: Int
    package let transactionsPerSecond: Double

    /// Parses the output of pgbench.
    ///
    /// - Returns: `nil` if the output is not that of a successful run.
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
