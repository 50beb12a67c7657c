import Benchmark
import ChargeStore

extension Bench {
    /// Lists of 50 charges, against the same statement without a service.
    func list(_ site: BenchmarkSite) throws -> BenchmarkReport.Part {
        let select = try best(
            [2, 4, 8].map { PgbenchRun(script: .list, clients: $0, rows: 0) }, on: site)
        let service = Measuring.Subject(name: "service") { [measuring, options] in
            try measuring.run(site.lists(connections: options.connections), on: site)[0]
        }
        let summaries = try measuring.summaries(
            [service, subject("the SELECT, \(select.clients) clients", select, on: site)], progress)
        return BenchmarkReport.Part(
            title: "Lists of 50, \(options.connections) connections, against PostgreSQL alone",
            summaries: summaries,
            targets: [
                Target(
                    name: "lists of 50, of the same SELECT",
                    measured: summaries[0].median(.callsPerSecond) / summaries[1].median(.callsPerSecond),
                    limit: .atLeast(0.6))
            ])
    }
}
