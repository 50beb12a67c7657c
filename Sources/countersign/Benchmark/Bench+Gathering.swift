import Benchmark

extension Bench {
    /// Sizes of the pool to try without gathering.
    private static let poolSizes = [2, 4, 8, 16, 32]

    /// 1 charge a call with gathering, against the same build without it at its best pool size.
    func gathering(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let run = { [self] (arguments: [String]) in
            try site.startNode(options.nodeArguments + arguments)
            return try decisions("", items: 1, on: site).run()
        }
        func without(_ poolSize: Int) -> [String] {
            BenchmarkOptions.withoutGathering + ["--connections", "\(poolSize)"]
        }
        var best = Self.poolSizes[0]
        var highest = 0.0
        for size in Self.poolSizes {
            progress.show("looking for the best pool size without gathering: \(size)")
            let rate = try run(without(size))[.callsPerSecond] ?? 0
            if rate > highest { (best, highest) = (size, rate) }
        }
        let summaries = try measuring.summaries(
            [
                Measuring.Subject(name: "gathering") { try run([]) },
                Measuring.Subject(name: "without, \(best) connections") { try run(without(best)) },
            ], progress)
        try site.startNode(options.nodeArguments)
        return BenchmarkReport.Part(
            title: "1 charge a call, \(options.connections) connections, with gathering and without",
            summaries: summaries,
            targets: [
                Target(
                    name: "1 charge a call, times the rate without gathering",
                    measured: summaries[0].median(.callsPerSecond) / summaries[1].median(.callsPerSecond),
                    limit: .atLeast(4))
            ])
    }
}
