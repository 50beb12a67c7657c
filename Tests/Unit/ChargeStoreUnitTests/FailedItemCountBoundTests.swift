import Charges
import Testing

@testable import ChargeStore

/// Tests of the bound on the counts of failed items that a node keeps.
@Suite struct FailedItemCountBoundTests {
    @Test("The number of distinct counts is bounded")
    func theirNumberIsBounded() {
        let counts = FailedItemCounts()
        let failed = [ItemOutcome.failed(ItemFailure(.chargeNotFound))]
        for place in 0..<FailedItemCounts.maximumKeys + 5 {
            counts.add(failed, operatorIdentifier: OperatorIdentifier(Int64(place)), kind: "ACCEPTED")
        }
        counts.add(failed, operatorIdentifier: OperatorIdentifier(0), kind: "ACCEPTED")
        let taken = counts.take()
        #expect(taken.count == FailedItemCounts.maximumKeys)
        #expect(taken.values.reduce(0, +) == FailedItemCounts.maximumKeys + 1)
        #expect(counts.take().isEmpty)
    }
}
