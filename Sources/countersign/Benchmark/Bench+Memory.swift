import Benchmark

extension Bench {
    /// A node's memory over a long time: half of the connections decide 1 charge a call, half of them 50.
    func memory(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let long = Measuring(
            warmUpSeconds: options.warmUpSeconds, seconds: options.memorySeconds, runs: 1)
        var samples: [Double] = []
        var fifty: [[Figure: Double]] = []
        let single = Measuring.Subject(name: "1 charge a call") { [options] in
            let half = max(1, options.connections / 2)
            let figures = try long.run(
                site.decisions(items: 1, connections: half), site.decisions(items: 50, connections: half),
                on: site
            ) {
                guard let node = site.node, let resident = ProcessTree.residentBytes(of: node.identifier)
                else { return }
                samples.append(Double(resident.now) / 1_000_000)
            }
            fifty.append(figures[1])
            return figures[0]
        }
        let summaries =
            try long.summaries([single], progress) + [Summary(name: "50 charges a call", runs: fifty)]
        let tenths = (0..<10).compactMap { tenth in
            Spread(Array(samples[(samples.count * tenth / 10)..<(samples.count * (tenth + 1) / 10)]))?.median
        }
        guard tenths.count == 10 else { throw CommandFailure("too short a time to tell of memory") }
        return BenchmarkReport.Part(
            title: "A node's memory over \(Decimals.text(options.memorySeconds, 0)) seconds",
            summaries: summaries,
            targets: [
                Target(
                    name: "resident memory at its peak",
                    measured: summaries[0].median(.residentPeakMegabytes), limit: .atMost(120), unit: " MB"),
                // The second tenth is the first in which all that grows to its size has had time to.
                Target(
                    name: "resident memory in the last tenth of the time, of that in the second",
                    measured: tenths[9] / tenths[1], limit: .atMost(1.05)),
            ],
            notes: [
                "node MB by tenths of the time: " + tenths.map { Decimals.text($0, 1) }.joined(separator: " ")
            ])
    }
}
