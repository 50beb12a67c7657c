import Benchmark

extension Bench {
    static let smallCharges = 100_000

    /// 1 charge a call on few and on many charges.
    func size() throws -> BenchmarkReport.Part {
        let small = try privateSite(chargeCount: Self.smallCharges)
        let large = try privateSite(chargeCount: options.largeCharges)
        defer {
            small.stopNode()
            large.stopNode()
        }
        let names = [small, large].map { site in
            Decimals.text(Double(site.operators[site.callers].reduce(0) { $0 + $1.walk.chargeCount }), 0)
        }
        let summaries = try measuring.summaries(
            zip(names, [small, large]).map { decisions("\($0) charges", items: 1, on: $1) }, progress)
        return BenchmarkReport.Part(
            title: "1 charge a call, \(options.connections) connections, by the size of the database",
            summaries: summaries,
            targets: [
                Target(
                    name: "1 charge a call on \(names[1]) charges, of the rate on \(names[0])",
                    measured: summaries[1].median(.callsPerSecond) / summaries[0].median(.callsPerSecond),
                    limit: .atLeast(0.85))
            ])
    }
}
