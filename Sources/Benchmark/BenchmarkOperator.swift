/// An operator of the benchmark's own.
package struct BenchmarkOperator: Sendable {
    package let code: String
    package let walk: ChargeWalk
    /// Charges that are never decided, after those of the walk: items that are meant to fail name them.
    package let undecidedCharges: ClosedRange<Int>

    package init(code: String, walk: ChargeWalk, undecidedCharges: ClosedRange<Int>) {
        self.code = code
        self.walk = walk
        self.undecidedCharges = undecidedCharges
    }
}
