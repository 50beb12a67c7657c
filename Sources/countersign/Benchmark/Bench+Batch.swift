import Benchmark
import ChargeStore
import Logging

extension Bench {
    /// Charges a call, and a statement of the bare update.
    private static let batchItems = 50

    /// 50 charges a call, against what PostgreSQL does without a service.
    func batch(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let least = try best(
            [50, 500].flatMap { rows in [2, 4, 8].map { (rows, $0) } }.map { rows, clients in
                PgbenchRun(script: .leastRows, clients: clients, rows: rows)
            }, on: site)
        let service = decisions("service", items: Self.batchItems, on: site)
        let bare = PgbenchRun(script: .bareUpdate, clients: 4, rows: Self.batchItems)
        let keys = PgbenchRun(script: .keysAlone, clients: 4, rows: Self.batchItems)
        let summaries = try measuring.summaries(
            [
                service, statement(on: site), subject("bare update, 50 rows, 4 clients", bare, on: site),
                subject("least rows, \(least.rows) rows, \(least.clients) clients", least, on: site),
                subject("keys alone", keys, on: site),
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
            ])
    }

    /// The service's own decisions without HTTP, in this process: so the CPU of the service is the generator's here.
    private func statement(on site: BenchmarkSite) -> Measuring.Subject {
        Measuring.Subject(name: "own statement, no HTTP") { [measuring, options] in
            var configuration = StoreConfiguration(database: site.database.node)
            configuration.applicationName = "countersign bench"
            let store = try Store(
                configuration, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
            store.start()
            defer { Blocking.wait { await store.shutdown(deadline: .now + .seconds(10)) } }
            let load = DirectLoad(
                store.decisions,
                series: DecisionSeries(
                    operators: Array(site.operators[site.callers]), itemsPerCall: Self.batchItems),
                identifiers: Array(site.identifiers[site.callers]), callers: options.connections,
                tag: site.tag)
            var figures = try measuring.run(load, on: site)[0]
            // The node stands by meanwhile.
            for figure in [
                Figure.serviceCPUSeconds, .residentStartMegabytes, .residentEndMegabytes,
                .residentPeakMegabytes,
            ] { figures[figure] = nil }
            return figures
        }
    }

    func subject(_ name: String, _ run: PgbenchRun, on site: BenchmarkSite) -> Measuring.Subject {
        Measuring.Subject(name: name) { [measuring, options] in
            try run.figures(on: site, seconds: options.seconds, settling: measuring)
        }
    }

    /// Whichever of several ways is the fastest, by one short run of each.
    func best(_ candidates: [PgbenchRun], on site: BenchmarkSite) throws -> PgbenchRun {
        var best = candidates[0]
        var highest = 0.0
        for candidate in candidates {
            progress.show(
                "looking for the best: \(candidate.script.name), \(candidate.rows) rows, \(candidate.clients) clients"
            )
            let figures = try candidate.figures(
                on: site, seconds: max(1, options.seconds / 2), settling: measuring)
            let rate = (figures[.callsPerSecond] ?? 0) * Double(max(1, candidate.rows))
            if rate > highest { (best, highest) = (candidate, rate) }
        }
        return best
    }
}
