import Testing

@testable import Benchmark

/// Tests of the median, the lowest and the highest value of some runs.
@Suite struct SummaryStatisticsTests {
    @Test(
        "The median is the middle value, or the mean of the two",
        arguments: [([3.0, 1, 2], 2.0, 1.0, 3.0), ([4, 1, 3, 2], 2.5, 1, 4), ([7], 7, 7, 7)])
    func itsMedianIsInTheMiddle(values: [Double], median: Double, lowest: Double, highest: Double) {
        let statistics = SummaryStatistics(values)
        #expect(statistics?.median == median)
        #expect(statistics?.lowest == lowest)
        #expect(statistics?.highest == highest)
    }

    @Test("An empty series has no statistics")
    func ofNothingThereIsNone() {
        #expect(SummaryStatistics([]) == nil)
    }
}
