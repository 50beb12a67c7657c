import Benchmark
import ChargeStore

/// How much service, database and load generator have done up to a moment.
struct Reading {
    let moment = ContinuousClock.now
    let counters: BenchmarkCounters
    let serviceCPUSeconds: Double?
    let databaseCPUSeconds: Double?
    let generatorCPUSeconds = ProcessTree.ownCPUSeconds
    let residentBytes: (now: Int, peak: Int)?

    init(of site: BenchmarkSite) throws {
        counters = try site.session.benchmarkCounters()
        serviceCPUSeconds = site.node.flatMap { ProcessTree.cpuSeconds(of: $0.identifier) }
        databaseCPUSeconds = site.postmaster.flatMap { ProcessTree.cpuSecondsWithChildren(of: $0) }
        residentBytes = site.node.flatMap { ProcessTree.residentBytes(of: $0.identifier) }
    }

    /// What was done from an earlier moment to this one.
    func figures(since start: Reading, charges: Int) -> [Figure: Double] {
        let seconds = (moment - start.moment) / .seconds(1)
        var figures: [Figure: Double] = [
            .seconds: seconds,
            .commitsPerSecond: Double(counters.commits - start.counters.commits) / seconds,
            .generatorCPUSeconds: generatorCPUSeconds - start.generatorCPUSeconds,
        ]
        if charges > 0 {
            figures[.walBytesPerCharge] =
                Double(counters.walBytes - start.counters.walBytes) / Double(charges)
        }
        let updates = counters.updates - start.counters.updates
        if updates > 0 {
            figures[.heapOnlyShare] =
                Double(counters.heapOnlyUpdates - start.counters.heapOnlyUpdates) / Double(updates)
        }
        if let end = serviceCPUSeconds, let start = start.serviceCPUSeconds {
            figures[.serviceCPUSeconds] = end - start
        }
        if let end = databaseCPUSeconds, let start = start.databaseCPUSeconds {
            figures[.databaseCPUSeconds] = end - start
        }
        figures[.residentPeakMegabytes] = residentBytes.map { Double($0.peak) / 1_000_000 }
        return figures
    }
}
