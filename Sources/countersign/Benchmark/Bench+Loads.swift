import Benchmark

extension Bench {
    func overview(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let subjects = [
            decisions("1 charge a call", items: 1, on: site),
            decisions("50 charges a call", items: 50, on: site),
            decisions("a lone call", items: 1, connections: 1, on: site),
        ]
        return BenchmarkReport.Part(
            title: "Closed loop, \(options.connections) connections",
            summaries: try measuring.summaries(subjects, progress))
    }

    func load(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let pace = options.rate.map { Pace.open(callsPerSecond: $0) } ?? .closed
        let name =
            "\(options.items) a call" + (options.failing == .none ? "" : ", \(options.failing) failing")
        let subject = decisions(
            name, items: options.items, pace: pace, failing: options.failing, on: site)
        let loop = options.rate.map { "Open loop, \(Decimals.text($0, 0)) calls/s" } ?? "Closed loop"
        return BenchmarkReport.Part(
            title: "\(loop), \(options.connections) connections, \(options.operators) operators",
            summaries: try measuring.summaries([subject], progress))
    }

    /// Accept and decline calls, as something to measure.
    func decisions(
        _ name: String, items: Int, connections: Int? = nil, pace: Pace = .closed,
        failing: FailingShare = .none, on site: BenchmarkSite
    ) -> Measuring.Subject {
        Measuring.Subject(name: name) { [measuring, options] in
            let load = site.decisions(
                items: items, connections: connections ?? options.connections, pace: pace, failing: failing)
            return try measuring.run(load, on: site)[0]
        }
    }

    /// Everything once, on little.
    func smoke(_ site: BenchmarkSite) throws -> [BenchmarkReport.Part] {
        let subjects = [
            decisions("1 a call", items: 1, on: site),
            decisions("10 a call, a tenth failing", items: 10, failing: .tenth, on: site),
            decisions("50 a call, all failing", items: 50, failing: .all, on: site),
            decisions("open loop", items: 1, pace: .open(callsPerSecond: 100), on: site),
        ]
        var parts = [
            BenchmarkReport.Part(title: "Smoke", summaries: try measuring.summaries(subjects, progress))
        ]
        parts.append(try batch(site))
        parts.append(try list(site))
        parts.append(try flood(site))
        // What was measured for an instant is held against nothing.
        return parts.map { BenchmarkReport.Part(title: $0.title, summaries: $0.summaries) }
    }
}
