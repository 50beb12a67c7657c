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
