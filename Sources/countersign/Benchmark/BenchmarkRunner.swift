import Benchmark
import ChargeStore

/// The runner of measurements. Each run starts when earlier work is done and a checkpoint is complete. Its results are
/// compared with the rows that it added.
struct BenchmarkRunner {
    /// The checkpoints during a run.
    enum Checkpoints {
        /// One in the middle of the run, as fast as the disk allows, so that each run has the same share of it.
        case forced
        /// Those that the server makes by its own settings, as in production. A private server makes one every 30 s,
        /// spread over nine tenths of that time. What stalls meanwhile gets a name in the report.
        case spread
    }

    /// The time for which a load runs before it is measured.
    let warmUpSeconds: Double
    /// The time for which a load is measured.
    let seconds: Double
    /// The number of runs of each subject.
    let runs: Int
    var checkpoints = Checkpoints.forced
    /// The time to wait at the end for calls in progress.
    private static let patience = Duration.seconds(20)

    /// A subject of a measurement.
    struct Subject {
        let name: String
        let run: () throws -> [BenchmarkMetric: Double]
    }

    /// Runs the subjects in turns, so that a disturbance of the machine affects all of them.
    func summaries(_ subjects: [Subject], _ progress: BenchmarkProgress) throws -> [Summary] {
        var found = [[[BenchmarkMetric: Double]]](repeating: [], count: subjects.count)
        for run in 1...runs {
            for (index, subject) in subjects.enumerated() {
                progress.show("run \(run) of \(runs): \(subject.name)")
                found[index].append(try subject.run())
            }
        }
        progress.clear()
        return zip(subjects, found).map { Summary(name: $0.name, runs: $1) }
    }

    /// Measures loads that run together.
    ///
    /// - Parameter watch: A closure that is called several times a second during the measurement.
    /// - Returns: The figures of each load. The figures of service and database cover all loads together.
    /// - Throws: `CommandFailure` if the added rows are not those of the items that were answered OK.
    func run(_ loads: [HTTPLoad], on environment: BenchmarkEnvironment, watch: () throws -> Void = {}) throws
        -> [[BenchmarkMetric: Double]]
    {
        try environment.waitUntilIdle()
        let rows = try environment.session.historyRowCount(of: environment.identifiers)
        for load in loads { try load.start() }
        try Interruption.pause(until: .now + .seconds(warmUpSeconds))
        if let node = environment.node { ProcessTree.forgetPeak(of: node.identifier) }
        let start = try Snapshot(of: environment)
        let stallWatch = checkpoints == .spread ? StallWatch(database: environment.database.owner) : nil
        for load in loads { load.beginWindow() }
        try Interruption.pause(until: start.moment + .seconds(seconds / 2), meanwhile: watch)
        if checkpoints == .forced { try environment.checkpoint() }
        try Interruption.pause(until: start.moment + .seconds(seconds), meanwhile: watch)
        for load in loads { load.endWindow() }
        let end = try Snapshot(of: environment)
        let samples = stallWatch?.end()
        let results = loads.map { $0.finish(patience: Self.patience) }
        if let samples { environment.note(results[0].slowCalls, samples) }
        let added = try environment.session.historyRowCount(of: environment.identifiers) - rows
        try environment.account(for: results, historyRowsAdded: added)
        let read = end.metrics(since: start, charges: results.reduce(0) { $0 + $1.window.items })
        return results.map { read.merging(Self.metrics($0, seconds: read[.seconds] ?? 1)) { $1 } }
    }

    private static func metrics(_ result: LoadResult, seconds: Double) -> [BenchmarkMetric: Double] {
        let window = result.window
        var metrics: [BenchmarkMetric: Double] = [
            .callsPerSecond: Double(window.calls) / seconds,
            .refusedCalls: Double(result.whole.refusedCalls + result.whole.unknownCalls),
            .unexpectedItems: Double(result.whole.unexpectedFailures),
            .unsentCalls: Double(result.unsentCalls),
        ]
        metrics.merge(Self.metrics(result.latencies)) { $1 }
        let items = window.items + window.failedItems
        if items > 0 {
            metrics[.chargesPerSecond] = Double(window.items) / seconds
            metrics[.failedItemShare] = Double(window.failedItems) / Double(items)
        }
        return metrics
    }
}

extension BenchmarkRunner {
    /// The figures of latencies.
    static func metrics(_ latencies: Latencies) -> [BenchmarkMetric: Double] {
        var metrics: [BenchmarkMetric: Double] = [:]
        metrics[.p50Milliseconds] = latencies.milliseconds(percentile: 50)
        metrics[.p99Milliseconds] = latencies.milliseconds(percentile: 99)
        metrics[.p999Milliseconds] = latencies.milliseconds(percentile: 99.9)
        metrics[.maximumMilliseconds] = latencies.maximumMilliseconds
        return metrics
    }
}

/// The work that service, database and load generator have done up to a moment.
struct Snapshot {
    let moment = ContinuousClock.now
    let counters: BenchmarkCounters
    let serviceCPUSeconds: Double?
    let databaseCPUSeconds: Double?
    let generatorCPUSeconds = ProcessTree.ownCPUSeconds
    let residentBytes: (now: Int, peak: Int)?

    init(of environment: BenchmarkEnvironment) throws {
        counters = try environment.session.benchmarkCounters()
        serviceCPUSeconds = environment.node.flatMap { ProcessTree.cpuSeconds(of: $0.identifier) }
        databaseCPUSeconds = environment.postmaster.flatMap { ProcessTree.cpuSecondsWithChildren(of: $0) }
        residentBytes = environment.node.flatMap { ProcessTree.residentBytes(of: $0.identifier) }
    }

    /// The figures of the time from an earlier snapshot to this one.
    func metrics(since start: Snapshot, charges: Int) -> [BenchmarkMetric: Double] {
        let seconds = (moment - start.moment) / .seconds(1)
        var metrics: [BenchmarkMetric: Double] = [
            .seconds: seconds,
            .commitsPerSecond: Double(counters.commits - start.counters.commits) / seconds,
            .generatorCPUSeconds: generatorCPUSeconds - start.generatorCPUSeconds,
        ]
        if charges > 0 {
            metrics[.walBytesPerCharge] =
                Double(counters.walBytes - start.counters.walBytes) / Double(charges)
        }
        let updates = counters.updates - start.counters.updates
        if updates > 0 {
            metrics[.heapOnlyShare] =
                Double(counters.heapOnlyUpdates - start.counters.heapOnlyUpdates) / Double(updates)
        }
        if let end = serviceCPUSeconds, let start = start.serviceCPUSeconds {
            metrics[.serviceCPUSeconds] = end - start
        }
        if let end = databaseCPUSeconds, let start = start.databaseCPUSeconds {
            metrics[.databaseCPUSeconds] = end - start
        }
        metrics[.residentPeakMegabytes] = residentBytes.map { Double($0.peak) / 1_000_000 }
        return metrics
    }
}

/// The current step of the benchmark, shown on a terminal.
final class BenchmarkProgress {
    func show(_ what: String) {
        if Terminal.errorIsTerminal { Terminal.write("\r\u{1B}[K\(what)", to: 2) }
    }

    func clear() {
        show("")
    }
}
