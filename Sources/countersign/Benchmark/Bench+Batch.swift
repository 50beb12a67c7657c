import Benchmark
import ChargeStore

extension Bench {
    /// Charges a call, and a statement of the yardsticks that have no size of their own.
    static let batchItems = 50
    private static let yardstickClients = 4
    /// What is tried for the least rows.
    private static let leastRows = [50, 500]
    private static let leastClients = [2, 4, 8]
    /// How many charges yardsticks name at a time.
    static let yardstickCharges = (leastRows.max() ?? 0) * (leastClients.max() ?? 0)

    /// 50 charges a call, against what PostgreSQL does without a service.
    func batch(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let least = try best(
            Self.leastRows.flatMap { rows in
                Self.leastClients.map { PgbenchRun(script: .leastRows, clients: $0, rows: rows) }
            }, on: site)
        let own = try measuredOut(yardstick(.own), on: site)
        let summaries = try measuring.summaries(
            [
                decisions("service", items: Self.batchItems, on: site),
                subject("own statement", own, on: site),
                subject("bare update", yardstick(.bareUpdate), on: site),
                subject("least rows", least, on: site),
                subject("keys alone", yardstick(.keysAlone), on: site),
            ], progress)
        let rate = summaries.map { $0.median(.chargesPerSecond) }
        return BenchmarkReport.Part(
            title: "50 charges a call, \(options.connections) connections, against PostgreSQL alone",
            summaries: summaries,
            targets: [
                Target(
                    name: "50 charges a call, of the bare update", measured: rate[0] / rate[2],
                    limit: .atLeast(0.6)),
                Target(
                    name: "50 charges a call, of the least rows", measured: rate[0] / rate[3],
                    limit: .atLeast(0.7)),
            ],
            notes: [
                "own statement, bare update, keys alone: \(Self.batchItems) rows a statement, \(Self.yardstickClients) clients; least rows, at its best: \(least.rows) rows, \(least.clients) clients"
            ])
    }

    private func yardstick(_ script: YardstickScript) -> PgbenchRun {
        PgbenchRun(script: script, clients: Self.yardstickClients, rows: Self.batchItems)
    }

    func subject(_ name: String, _ run: PgbenchRun, on site: BenchmarkSite) -> Measuring.Subject {
        Measuring.Subject(name: name) { [options] in try run.figures(on: site, seconds: options.seconds) }
    }

    /// A run of so many transactions as take about the time that it is to last. Only so is it known afterwards which
    /// charges have been decided how, which whoever decides them next must know.
    private func measuredOut(_ run: PgbenchRun, on site: BenchmarkSite) throws -> PgbenchRun {
        var run = run
        run.transactionsPerClient = 50
        let rate = try run.figures(on: site, seconds: 0.1)[.callsPerSecond] ?? 0
        run.transactionsPerClient = max(50, Int(rate * options.seconds) / run.clients)
        return run
    }

    /// Whichever of several ways is the fastest, by one short run of each.
    func best(_ candidates: [PgbenchRun], on site: BenchmarkSite) throws -> PgbenchRun {
        var best = candidates[0]
        if options.smoke { return best }
        var highest = 0.0
        for candidate in candidates {
            progress.show(
                "looking for the best: \(candidate.script.name), \(candidate.rows) rows, \(candidate.clients) clients"
            )
            let figures = try candidate.figures(on: site, seconds: max(1, options.seconds / 2))
            let rate = (figures[.callsPerSecond] ?? 0) * Double(max(1, candidate.rows))
            if rate > highest { (best, highest) = (candidate, rate) }
        }
        return best
    }
}
