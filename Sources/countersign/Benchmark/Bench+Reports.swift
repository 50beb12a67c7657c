import Benchmark

extension Bench {
    /// What the accepting operator has.
    static let acceptedCharges = 100_000
    /// Within which every report is to answer, alone.
    private static let reportSeconds = 60.0

    /// How long each report takes on many charges; and calls at a quarter of their highest rate, with reports beside them
    /// and without.
    func reports() throws -> BenchmarkReport.Part {
        let site = try privateSite(chargeCount: Self.acceptedCharges, historyCount: options.largeCharges)
        defer { site.stopNode() }
        let times = try ReportRunner.names.map { name in
            progress.show("report \(name)")
            return Target(
                name: "report \(name)", measured: try ReportRunner(database: site.database.reports).run(name),
                limit: .atMost(Self.reportSeconds), unit: " s")
        }
        progress.show("looking for the highest rate")
        let highest = try decisions("", items: 1, on: site).run()[.callsPerSecond] ?? 0
        let quarter = Pace.open(callsPerSecond: max(1, highest / 4))
        var reports = 0
        // Each run begins a third of the list further on, so that short ones too meet different reports.
        var first = 0
        let beside = Measuring.Subject(name: "with reports") { [measuring, options] in
            let runner = ReportRunner(database: site.database.reports, first: first)
            defer {
                reports += runner.stop()
                first += ReportRunner.names.count / 3
            }
            return try measuring.run(
                site.decisions(items: 1, connections: options.connections, pace: quarter), on: site
            ) {
                try runner.goOn()
            }[0]
        }
        let summaries = try measuring.summaries(
            [decisions("without", items: 1, pace: quarter, on: site), beside], progress)
        return BenchmarkReport.Part(
            title:
                "Reports on \(Decimals.text(Double(options.largeCharges), 0)) charges, and calls at a quarter of the highest rate beside them",
            summaries: summaries,
            targets: times + [
                Target(
                    name: "p99 beside reports, of what it is without",
                    measured: summaries[1].median(.p99Milliseconds) / summaries[0].median(.p99Milliseconds),
                    limit: .atMost(1.5))
            ],
            notes: ["\(reports) reports came to their end beside the calls"])
    }
}
