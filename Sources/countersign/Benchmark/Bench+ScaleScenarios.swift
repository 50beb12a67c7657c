import Benchmark
import ChargeStore

extension Bench {
    /// The scenario of lists of 50 charges, compared with the same statement without a service.
    func list(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let select = try best(
            [2, 4, 8].map { PgbenchRun(script: .list, clients: $0, rows: 0) }, on: environment)
        let service = BenchmarkRunner.Subject(name: "service") { [runner, options] in
            try runner.run(
                [environment.lists(connections: options.connections)], on: environment)[0]
        }
        let summaries = try runner.summaries(
            [service, subject("the SELECT, \(select.clients) clients", select, on: environment)], progress)
        return BenchmarkReport.Part(
            title: "Lists of 50, \(options.connections) connections, compared with PostgreSQL alone",
            summaries: summaries,
            targets: [
                Threshold(
                    name: "lists of 50, relative to the same SELECT",
                    measured: summaries[0].median(.callsPerSecond) / summaries[1].median(.callsPerSecond),
                    limit: .atLeast(0.6))
            ])
    }
}

extension Bench {
    /// The parts of the time of `memory`: of an hour, ten minutes each.
    private static let memoryParts = 6

    /// The scenario of a node over a long time: its memory, the share of HOT updates, and the latencies at its beginning
    /// and its end. Half of the connections decide 1 charge a call, the other half 50. With `--rate` only the first half
    /// makes calls, in open loop.
    func memory(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let long = BenchmarkRunner(
            warmUpSeconds: options.warmUpSeconds, seconds: options.memorySeconds, runs: 1)
        var samples: [Double] = []
        var parts: [Latencies] = []
        let half = max(1, options.connections / 2)
        let model = options.rate.map { LoadModel.open(callsPerSecond: $0) } ?? .closed
        let single = environment.decisions(items: 1, connections: half, model: model)
        let others = options.rate == nil ? [environment.decisions(items: 50, connections: half)] : []
        let began = ContinuousClock.now + .seconds(options.warmUpSeconds)
        progress.show("\(Decimals.text(options.memorySeconds, 0)) seconds")
        let metrics = try long.run([single] + others, on: environment) {
            let part = Int(
                (ContinuousClock.now - began) / .seconds(options.memorySeconds / Double(Self.memoryParts)))
            if part > parts.count { parts.append(single.takePart()) }
            guard let node = environment.node,
                let resident = ProcessTree.residentBytes(of: node.identifier)
            else { return }
            samples.append(Double(resident.now) / 1_000_000)
        }
        parts.append(single.takePart())
        progress.clear()
        let subjects = zip(["1 charge a call", "50 charges a call"], metrics).map { name, metrics in
            Summary(name: name, runs: [metrics])
        }
        let tenths = (0..<10).compactMap { tenth in
            SummaryStatistics(
                Array(samples[(samples.count * tenth / 10)..<(samples.count * (tenth + 1) / 10)]))?.median
        }
        let tails = parts.map { $0.milliseconds(percentile: 99) ?? .nan }
        guard tenths.count == 10, tails.count == Self.memoryParts else {
            throw CommandFailure("the run was too short; use a longer --memory-seconds")
        }
        return BenchmarkReport.Part(
            title: "A node over \(Decimals.text(options.memorySeconds, 0)) seconds",
            summaries: subjects,
            targets: [
                Threshold(
                    name: "peak of resident memory",
                    measured: subjects[0].median(.residentPeakMegabytes), limit: .atMost(120), unit: " MB"),
                // By the second tenth, caches and buffers have reached their size.
                Threshold(
                    name: "resident memory in the last tenth of the time, relative to the second tenth",
                    measured: tenths[9] / tenths[1], limit: .atMost(1.05)),
                Threshold(
                    name: "share of HOT updates", measured: subjects[0].median(.heapOnlyShare),
                    limit: .atLeast(0.99)),
                Threshold(
                    name: "p99 in the last sixth of the time, relative to the first sixth",
                    measured: tails[tails.count - 1] / tails[0], limit: .atMost(1.1)),
            ],
            notes: [
                "node MB by tenths of the time: "
                    + tenths.map { Decimals.text($0, 1) }.joined(separator: " "),
                "p99 ms by sixths of the time: " + tails.map { Decimals.text($0, 1) }.joined(separator: " "),
            ])
    }
}

extension Bench {
    /// The number of charges of the operator that accepts.
    static let acceptedCharges = 100_000
    /// The time within which every report must end when it runs alone.
    private static let reportSeconds = 60.0

    /// The scenario of reports on many charges: the time of each report, and calls at a quarter of their highest rate
    /// with and without concurrent reports.
    func reports() throws -> BenchmarkReport.Part {
        let environment = try privateEnvironment(
            chargeCount: Self.acceptedCharges, historyCount: options.largeCharges)
        defer { environment.stopNode() }
        let times = try ReportRunner.names.map { name in
            progress.show("report \(name)")
            return Threshold(
                name: "report \(name)",
                measured: try ReportRunner(database: environment.database.reports).run(name),
                limit: .atMost(Self.reportSeconds), unit: " s")
        }
        progress.show("looking for the highest rate")
        let highest = try decisions("", items: 1, on: environment).run()[.callsPerSecond] ?? 0
        let quarter = LoadModel.open(callsPerSecond: max(1, highest / 4))
        var reports = 0
        // Each run begins a third of the list later, so that short runs meet different reports too.
        var first = 0
        let beside = BenchmarkRunner.Subject(name: "with reports") { [runner, options] in
            let reader = ReportRunner(database: environment.database.reports, first: first)
            defer {
                reports += reader.stop()
                first += ReportRunner.names.count / 3
            }
            return try runner.run(
                [environment.decisions(items: 1, connections: options.connections, model: quarter)],
                on: environment
            ) {
                try reader.goOn()
            }[0]
        }
        let summaries = try runner.summaries(
            [decisions("without", items: 1, model: quarter, on: environment), beside], progress)
        return BenchmarkReport.Part(
            title:
                "Reports on \(Decimals.text(Double(options.largeCharges), 0)) charges, and concurrent calls at a quarter of the highest rate",
            summaries: summaries,
            targets: times + [
                Threshold(
                    name: "p99 with concurrent reports, relative to the p99 without",
                    measured: summaries[1].median(.p99Milliseconds) / summaries[0].median(.p99Milliseconds),
                    limit: .atMost(1.5))
            ],
            notes: ["\(reports) reports were completed during the calls"])
    }
}

extension Bench {
    static let smallCharges = 100_000

    /// The scenario of 1 charge a call on a small and on a large database.
    func size() throws -> BenchmarkReport.Part {
        let small = try privateEnvironment(chargeCount: Self.smallCharges)
        let large = try privateEnvironment(chargeCount: options.largeCharges)
        defer {
            small.stopNode()
            large.stopNode()
        }
        let names = [small, large].map { environment in
            Decimals.text(
                Double(
                    environment.operators[environment.callers].reduce(0) { $0 + $1.keySequence.chargeCount }),
                0)
        }
        let summaries = try runner.summaries(
            zip(names, [small, large]).map { decisions("\($0) charges", items: 1, on: $1) }, progress)
        return BenchmarkReport.Part(
            title: "1 charge a call, \(options.connections) connections, by the size of the database",
            summaries: summaries,
            targets: [
                Threshold(
                    name: "1 charge a call on \(names[1]) charges, relative to the rate on \(names[0])",
                    measured: summaries[1].median(.callsPerSecond) / summaries[0].median(.callsPerSecond),
                    limit: .atLeast(0.85))
            ])
    }
}
