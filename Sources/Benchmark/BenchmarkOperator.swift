/// An operator of the benchmark's own.
package struct BenchmarkOperator: Sendable {
    package let code: String
    package let walk: ChargeWalk
    /// After the charges of the walk come those that items name which are meant to fail: so many that are never
    /// decided, and then as many that hold a reference number each.
    package let failingCharges: Int

    package init(code: String, walk: ChargeWalk, failingCharges: Int) {
        self.code = code
        self.walk = walk
        self.failingCharges = failingCharges
    }

    /// Those that hold a reference number.
    package var referenceHolders: ClosedRange<Int> {
        (walk.chargeCount + failingCharges + 1)...(walk.chargeCount + 2 * failingCharges)
    }

    /// How many charges there are, numbered from 1.
    package var chargeCount: Int { referenceHolders.upperBound }
}
