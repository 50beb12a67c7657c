import Benchmark
import ChargeStore

extension Bench {
    /// The number of charges in a call, and in a statement of the baselines that have no size of their own.
    static let batchItems = 50
    private static let baselineClients = 4
    /// The sizes and client counts that are tried for the baseline with the fewest rows.
    private static let leastRows = [50, 500]
    private static let leastClients = [2, 4, 8]
    /// The maximum number of charges that baselines name at a time.
    static let baselineCharges = (leastRows.max() ?? 0) * (leastClients.max() ?? 0)

    /// The scenario of 50 charges a call, compared with PostgreSQL without a service.
    func batch(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let least = try best(
            Self.leastRows.flatMap { rows in
                Self.leastClients.map { PgbenchRun(script: .leastRows, clients: $0, rows: rows) }
            }, on: environment)
        let own = try measuredOut(baseline(.own), on: environment)
        let summaries = try runner.summaries(
            [
                decisions("service", items: Self.batchItems, on: environment),
                subject("own statement", own, on: environment),
                subject("bare update", baseline(.bareUpdate), on: environment),
                subject("least rows", least, on: environment),
                subject("keys alone", baseline(.keysAlone), on: environment),
            ], progress)
        let rate = summaries.map { $0.median(.chargesPerSecond) }
        return BenchmarkReport.Part(
            title: "50 charges a call, \(options.connections) connections, compared with PostgreSQL alone",
            summaries: summaries,
            targets: [
                Threshold(
                    name: "50 charges a call, relative to the bare update", measured: rate[0] / rate[2],
                    limit: .atLeast(0.6)),
                Threshold(
                    name: "50 charges a call, relative to the least rows", measured: rate[0] / rate[3],
                    limit: .atLeast(0.75)),
            ],
            notes: [
                "own statement, bare update, keys alone: \(Self.batchItems) rows a statement, \(Self.baselineClients) clients; least rows at its best: \(least.rows) rows, \(least.clients) clients"
            ])
    }

    private func baseline(_ script: BaselineScript) -> PgbenchRun {
        PgbenchRun(script: script, clients: Self.baselineClients, rows: Self.batchItems)
    }

    func subject(_ name: String, _ run: PgbenchRun, on environment: BenchmarkEnvironment)
        -> BenchmarkRunner.Subject
    {
        BenchmarkRunner.Subject(name: name) { [options] in
            try run.metrics(on: environment, seconds: options.seconds)
        }
    }

    /// The run with a fixed number of transactions that take about the measured time. With a fixed number it is known
    /// afterwards how each charge was decided, and the next run depends on that.
    private func measuredOut(_ run: PgbenchRun, on environment: BenchmarkEnvironment) throws -> PgbenchRun {
        var run = run
        run.transactionsPerClient = 50
        let rate = try run.metrics(on: environment, seconds: 0.1)[.callsPerSecond] ?? 0
        run.transactionsPerClient = max(50, Int(rate * options.seconds) / run.clients)
        return run
    }

    /// The fastest of several candidates, found by one short run of each.
    func best(_ candidates: [PgbenchRun], on environment: BenchmarkEnvironment) throws -> PgbenchRun {
        var best = candidates[0]
        if options.smoke { return best }
        var highest = 0.0
        for candidate in candidates {
            progress.show(
                "looking for the best: \(candidate.script.name), \(candidate.rows) rows, \(candidate.clients) clients"
            )
            let metrics = try candidate.metrics(on: environment, seconds: max(1, options.seconds / 2))
            let rate = (metrics[.callsPerSecond] ?? 0) * Double(max(1, candidate.rows))
            if rate > highest { (best, highest) = (candidate, rate) }
        }
        return best
    }
}

extension Bench {
    /// The scenario of one operator's single calls, with and without another operator that floods the service. pgbench
    /// makes as many single decisions a second in turns with them: its tail is the machine's and the database's own.
    func flood(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let watched = {
            [options] in
            environment.decisions(
                items: 1, connections: 16, model: .open(callsPerSecond: options.watchedRate),
                callers: environment.bystander..<(environment.bystander + 1))
        }
        var flooding: [[BenchmarkMetric: Double]] = []
        let alone = BenchmarkRunner.Subject(name: "watched, alone") { [tails] in
            try tails.run([watched()], on: environment)[0]
        }
        let flooded = BenchmarkRunner.Subject(name: "watched, flooded") { [tails, options] in
            let flood = environment.decisions(
                items: 50, connections: options.floodConnections, callers: 0..<1)
            let metrics = try tails.run([watched(), flood], on: environment)
            flooding.append(metrics[1])
            return metrics[0]
        }
        let (summaries, stalls) = try withSpreadCheckpoints(
            [alone, flooded, paced(options.watchedRate, on: environment)], on: environment)
        return BenchmarkReport.Part(
            title:
                "Single calls, \(Decimals.text(options.watchedRate, 0)) a second, with a flood of 50 charges a call over \(options.floodConnections) connections",
            summaries: summaries + [Summary(name: "the flood", runs: flooding)],
            targets: [
                Threshold(
                    name: "another operator's calls refused under a flood",
                    measured: summaries[1][.refusedCalls]?.highest ?? .nan, limit: .atMost(0)),
                Threshold(
                    name: "their p99 under a flood, relative to the p99 without",
                    measured: summaries[1].median(.p99Milliseconds)
                        / summaries[0].median(.p99Milliseconds),
                    limit: .atMost(2)),
            ],
            stalls: stalls)
    }

    /// The runner of runs that are about tails.
    private var tails: BenchmarkRunner {
        BenchmarkRunner(
            warmUpSeconds: options.warmUpSeconds, seconds: options.tailSeconds, runs: options.runs,
            checkpoints: .spread)
    }

    /// Runs subjects while the server makes its checkpoints as in production.
    ///
    /// - Returns: The summaries, and the names of the stalls, a line for each.
    private func withSpreadCheckpoints(
        _ subjects: [BenchmarkRunner.Subject], on environment: BenchmarkEnvironment
    ) throws -> ([Summary], stalls: [String]) {
        try environment.setCheckpoints(.spread)
        let summaries = try tails.summaries(subjects, progress)
        try environment.setCheckpoints(.forced)
        return (summaries, environment.takeStalls())
    }

    /// The subject of single decisions at a rate, by pgbench.
    private func paced(_ rate: Double, on environment: BenchmarkEnvironment) -> BenchmarkRunner.Subject {
        BenchmarkRunner.Subject(name: "own statement, 1 row") { [options] in
            let seconds = options.tailSeconds
            var run = PgbenchRun(script: .own, clients: Self.baselineClients, rows: 1)
            run.transactionsPerClient = max(1, Int(rate * seconds) / run.clients)
            run.rate = rate
            run.measuresLatencies = true
            run.checkpoints = .spread
            return try run.metrics(on: environment, seconds: seconds)
        }
    }
}

extension Bench {
    /// The pool sizes that are tried without batching.
    private static let poolSizes = [2, 4, 8, 16, 32]

    /// The scenario of 1 charge a call with batching, compared with no batching at the best pool size.
    func batching(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let run = { [self] (arguments: [String]) in
            try environment.startNode(options.nodeArguments + arguments)
            return try decisions("", items: 1, on: environment).run()
        }
        func without(_ poolSize: Int) -> [String] {
            BenchmarkOptions.withoutBatching + ["--connections", "\(poolSize)"]
        }
        var best = Self.poolSizes[0]
        var highest = 0.0
        for size in Self.poolSizes {
            progress.show("looking for the best pool size without batching: \(size)")
            let rate = try run(without(size))[.callsPerSecond] ?? 0
            if rate > highest { (best, highest) = (size, rate) }
        }
        let summaries = try runner.summaries(
            [
                BenchmarkRunner.Subject(name: "batching") { try run([]) },
                BenchmarkRunner.Subject(name: "without, \(best) connections") { try run(without(best)) },
            ], progress)
        try environment.startNode(options.nodeArguments)
        return BenchmarkReport.Part(
            title: "1 charge a call, \(options.connections) connections, with batching and without",
            summaries: summaries,
            targets: [
                Threshold(
                    name: "1 charge a call, relative to the rate without batching",
                    measured: summaries[0].median(.callsPerSecond) / summaries[1].median(.callsPerSecond),
                    limit: .atLeast(4))
            ])
    }
}

extension Bench {
    /// The scenario of an open loop at half the highest rate, compared with a single call at a time.
    func open(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        progress.show("looking for the highest rate")
        let highest = try (0..<options.runs).map { _ in
            try decisions("", items: 1, on: environment).run()[.callsPerSecond] ?? 0
        }
        let half = max(1, (SummaryStatistics(highest)?.median ?? 0) / 2)
        let open = BenchmarkRunner.Subject(name: "half the highest rate, open loop") { [tails, options] in
            try tails.run(
                [
                    environment.decisions(
                        items: 1, connections: options.connections, model: .open(callsPerSecond: half))
                ],
                on: environment)[0]
        }
        let lone = decisions("a lone call", items: 1, connections: 1, on: environment)
        var loneStatement = try measuredOut(PgbenchRun(script: .own, clients: 1, rows: 1), on: environment)
        loneStatement.measuresLatencies = true
        let (summaries, stalls) = try withSpreadCheckpoints(
            [open, lone, subject("own statement, 1 client", loneStatement, on: environment)], on: environment)
        let median = summaries[1].median(.p50Milliseconds)
        return BenchmarkReport.Part(
            title: "Open loop at half the highest rate", summaries: summaries,
            targets: [
                Threshold(
                    name: "p99 at half the highest rate, relative to a lone call's median",
                    measured: summaries[0].median(.p99Milliseconds) / median, limit: .atMost(8)),
                Threshold(
                    name: "p99.9 at half the highest rate, relative to a lone call's median",
                    measured: summaries[0].median(.p999Milliseconds) / median, limit: .atMost(40)),
                Threshold(
                    name: "a lone call's median, relative to that of its statement by pgbench",
                    measured: median / summaries[2].median(.p50Milliseconds), limit: .atMost(1.5)),
            ],
            stalls: stalls)
    }
}
