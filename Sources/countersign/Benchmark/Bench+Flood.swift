import Benchmark

extension Bench {
    /// One operator's single calls, with and without another one that floods.
    func flood(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let watched = {
            [options] in
            site.decisions(
                items: 1, connections: 16, pace: .open(callsPerSecond: options.watchedRate),
                callers: site.bystander..<(site.bystander + 1))
        }
        var flooding: [[Figure: Double]] = []
        let alone = Measuring.Subject(name: "watched, alone") { [measuring] in
            try measuring.run(watched(), on: site)[0]
        }
        let flooded = Measuring.Subject(name: "watched, flooded") { [measuring, options] in
            let flood = site.decisions(items: 50, connections: options.floodConnections, callers: 0..<1)
            let figures = try measuring.run(watched(), flood, on: site)
            flooding.append(figures[1])
            return figures[0]
        }
        let summaries = try measuring.summaries([alone, flooded], progress)
        return BenchmarkReport.Part(
            title:
                "Single calls, \(Decimals.text(options.watchedRate, 0)) a second, and a flood of 50 charges a call over \(options.floodConnections) connections",
            summaries: summaries + [Summary(name: "the flood", runs: flooding)],
            targets: [
                Target(
                    name: "another operator's calls refused under a flood",
                    measured: summaries[1][.refusedCalls]?.highest ?? .nan, limit: .atMost(0)),
                Target(
                    name: "their p99 under a flood, of what it is without",
                    measured: summaries[1].median(.p99Milliseconds)
                        / summaries[0].median(.p99Milliseconds),
                    limit: .atMost(3)),
            ])
    }
}
