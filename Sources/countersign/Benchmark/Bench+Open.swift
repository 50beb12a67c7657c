import Benchmark

extension Bench {
    /// Open loop at half the highest rate, against a call that is alone.
    func open(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        var highest: [Double] = []
        let closed = Measuring.Subject(name: "highest rate") { [self] in
            let figures = try decisions("", items: 1, on: site).run()
            highest.append(figures[.callsPerSecond] ?? 0)
            return figures
        }
        let open = Measuring.Subject(name: "half of it, open loop") { [self] in
            let half = max(1, (Spread(highest)?.median ?? 0) / 2)
            return try decisions("", items: 1, pace: .open(callsPerSecond: half), on: site).run()
        }
        let lone = decisions("a lone call", items: 1, connections: 1, on: site)
        let summaries = try measuring.summaries([closed, open, lone], progress)
        return BenchmarkReport.Part(
            title: "Open loop at half the highest rate", summaries: summaries,
            targets: [
                Target(
                    name: "p99 at half the highest rate, of a lone call's median",
                    measured: summaries[1].median(.p99Milliseconds)
                        / summaries[2].median(.p50Milliseconds),
                    limit: .atMost(5))
            ])
    }
}
