import Benchmark

/// What several runs of one thing gave.
struct Summary {
    let name: String
    private let runs: [[Figure: Double]]

    init(name: String, runs: [[Figure: Double]]) {
        self.name = name
        self.runs = runs
    }

    var runCount: Int { runs.count }

    /// Median and spread of a figure, or `nil` if it was not measured.
    subscript(_ figure: Figure) -> Spread? { Spread(runs.compactMap { $0[figure] }) }

    /// The median of a figure; not a number, which meets no target, if it was not measured.
    func median(_ figure: Figure) -> Double { self[figure]?.median ?? .nan }
}
