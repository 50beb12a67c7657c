import Benchmark

extension Bench {
    /// The time of a page that 95 of 100 readings must not exceed.
    private static let pageMilliseconds = 200.0
    /// The number of readings of a page in a run.
    private static let readings = 100

    /// The scenario of the console's pages on many charges, read one at a time.
    func console() throws -> BenchmarkReport.Part {
        let environment = try privateEnvironment(
            chargeCount: Self.acceptedCharges, historyCount: options.largeCharges)
        defer { environment.stopNode() }
        let pages = try ConsolePages(on: environment)
        var notes: [String] = []
        let targets = try ConsolePages.all.map { name, path in
            progress.show("page: \(name)")
            // The first readings fill the caches, as the first of a day do.
            _ = try pages.read(path, times: 5)
            let times = try (0..<options.runs).map { _ in try pages.read(path, times: Self.readings) }
            let medians = times.map { $0[Self.readings / 2] }
            let tails = times.map { $0[Self.readings * 95 / 100] }
            notes.append(
                "\(name): median \(Decimals.text(SummaryStatistics(medians)?.median ?? 0, 1)) ms")
            return Threshold(
                name: "page: \(name), 95th percentile", measured: SummaryStatistics(tails)?.median ?? 0,
                limit: .atMost(Self.pageMilliseconds), unit: " ms")
        }
        return BenchmarkReport.Part(
            title: "Pages of the console on \(Decimals.text(Double(options.largeCharges), 0)) charges",
            summaries: [], targets: targets, notes: notes)
    }
}
