import Testing

@testable import Benchmark

@Suite struct SummaryStatisticsTests {
    @Test(arguments: [([3.0, 1, 2], 2.0, 1.0, 3.0), ([4, 1, 3, 2], 2.5, 1, 4), ([7], 7, 7, 7)])
    func itsMedianIsInTheMiddle(values: [Double], median: Double, lowest: Double, highest: Double) {
        let statistics = SummaryStatistics(values)
        #expect(statistics?.median == median)
        #expect(statistics?.lowest == lowest)
        #expect(statistics?.highest == highest)
    }

    @Test func ofNothingThereIsNone() {
        #expect(SummaryStatistics([]) == nil)
    }
}
