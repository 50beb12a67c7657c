import Benchmark
import ChargeStore
import Foundation

/// How runs are made: each after everything has settled, with a checkpoint in its middle, its answers held against
/// the rows that it left.
struct Measuring {
    /// How long a load runs before it is measured, and how long it is measured.
    let warmUpSeconds: Double
    let seconds: Double
    /// How often each is run.
    let runs: Int
    /// How long to wait for what is under way at the end.
    private static let patience = Duration.seconds(20)

    /// One thing to measure.
    struct Subject {
        let name: String
        let run: () throws -> [Figure: Double]
    }

    /// Runs each subject so many times, in turns: what disturbs the machine disturbs them all.
    func summaries(_ subjects: [Subject], _ progress: BenchmarkProgress) throws -> [Summary] {
        var found = [[[Figure: Double]]](repeating: [], count: subjects.count)
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
    /// - Parameter watch: Called several times a second while it is measured.
    /// - Returns: The figures of each; those of service and database are of all together.
    /// - Throws: `CommandFailure` if the rows that were added are not those that were answered OK.
    func run(_ loads: any Load..., on site: BenchmarkSite, watch: () -> Void = {}) throws
        -> [[Figure: Double]]
    {
        try settle(site)
        let rows = try site.session.historyRowCount(of: site.identifiers)
        for load in loads { try load.start() }
        try Interruption.pause(until: .now + .seconds(warmUpSeconds))
        if let node = site.node { ProcessTree.forgetPeak(of: node.identifier) }
        let start = try Reading(of: site)
        for load in loads { load.beginWindow() }
        let watching = {
            site.node?.cutLog()
            watch()
        }
        try Interruption.pause(until: start.moment + .seconds(seconds / 2), meanwhile: watching)
        site.checkpoint()
        try Interruption.pause(until: start.moment + .seconds(seconds), meanwhile: watching)
        for load in loads { load.endWindow() }
        let end = try Reading(of: site)
        let results = loads.map { $0.finish(patience: Self.patience) }
        var whole = Tally()
        for result in results { whole += result.whole }
        let added = try site.session.historyRowCount(of: site.identifiers) - rows
        try Self.check(whole, rowsAdded: added)
        let read = end.figures(since: start, charges: results.reduce(0) { $0 + $1.window.items })
        return results.map { Self.figures($0, read) }
    }

    /// Every item answered OK is a decision newly written, and nothing else is.
    static func check(_ tally: Tally, rowsAdded: Int) throws {
        guard rowsAdded < tally.items || rowsAdded > tally.items + tally.unknownItems else { return }
        let unknown =
            tally.unknownItems > 0 ? ", and of \(tally.unknownItems) more the outcome is unknown" : ""
        throw CommandFailure(
            "\(tally.items) items were answered OK\(unknown), but the history has \(rowsAdded) rows more")
    }

    /// What earlier runs left to be done is done, and a checkpoint made.
    func settle(_ site: BenchmarkSite) throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try site.session.hasUnpublishedDecisions(), ContinuousClock.now < deadline {
            try Interruption.pause(until: .now + .milliseconds(50))
        }
        site.checkpoint()
    }

    private static func figures(_ result: LoadResult, _ read: [Figure: Double]) -> [Figure: Double] {
        var figures = read
        let seconds = read[.seconds] ?? 1
        let window = result.window
        figures[.callsPerSecond] = Double(window.calls) / seconds
        figures[.chargesPerSecond] = Double(window.items) / seconds
        figures[.p50Milliseconds] = result.latencies.milliseconds(percentile: 50)
        figures[.p99Milliseconds] = result.latencies.milliseconds(percentile: 99)
        figures[.p999Milliseconds] = result.latencies.milliseconds(percentile: 99.9)
        figures[.maximumMilliseconds] = result.latencies.maximumMilliseconds
        let items = window.items + window.failedItems
        if items > 0 { figures[.failedItemShare] = Double(window.failedItems) / Double(items) }
        figures[.refusedCalls] = Double(result.whole.refusedCalls + result.whole.unknownCalls)
        figures[.unexpectedItems] = Double(result.whole.surprises)
        figures[.unsentCalls] = Double(result.unsentCalls)
        return figures
    }
}
