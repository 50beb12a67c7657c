import Benchmark
import ChargeStore
import Charges
import Foundation

extension Bench {
    /// The time within which a statement of a million events must be closed while calls go on.
    private static let closingSeconds = 20.0

    /// The scenario of statements and reconciliations of `--lines` lines: closing a statement while calls go on,
    /// downloading it, uploading a file and comparing it, and calls at a quarter of their highest rate with and without
    /// a comparison.
    func reconciliation() throws -> BenchmarkReport.Part {
        // Of ten charges with a history nine are decided.
        let environment = try privateEnvironment(
            chargeCount: Self.acceptedCharges, historyCount: options.lines / 9 * 10)
        defer { environment.stopNode() }
        let transfers = try FileTransfers(on: environment, lines: options.lines / 9 * 9)
        progress.show("looking for the highest rate")
        let highest = try decisions("", items: 1, on: environment).run()[.callsPerSecond] ?? 0
        let quarter = LoadModel.open(callsPerSecond: max(1, highest / 4))
        let calls = environment.decisions(items: 1, connections: options.connections, model: quarter)

        progress.show("closing a statement")
        var closed: (statement: ClosedStatement, seconds: Double)?
        _ = try runner.run([calls], on: environment) {
            if closed == nil { closed = try transfers.closeStatement() }
        }
        guard let closed else { throw CommandFailure("the run was too short; use longer --seconds") }
        let events = Double(closed.statement.lastEventNumber - closed.statement.firstEventNumber + 1)

        var downloads: [Double] = []
        var uploads: [(uploaded: Double, compared: Double)] = []
        for run in 1...options.runs {
            progress.show("run \(run) of \(options.runs): download")
            downloads.append(try transfers.download(statement: closed.statement.number))
            progress.show("run \(run) of \(options.runs): upload and comparison")
            uploads.append(try transfers.reconcile())
        }
        let beside = BenchmarkRunner.Subject(name: "with a comparison") { [runner, options] in
            defer { transfers.stop() }
            return try runner.run(
                [environment.decisions(items: 1, connections: options.connections, model: quarter)],
                on: environment
            ) { try transfers.goOn() }[0]
        }
        let summaries = try runner.summaries(
            [decisions("without", items: 1, model: quarter, on: environment), beside], progress)
        let lines = Double(transfers.lines)
        let rates = uploads.map { lines / ($0.uploaded + $0.compared) }
        return BenchmarkReport.Part(
            title:
                "Statements and reconciliations of \(Decimals.text(lines, 0)) lines, and calls at a quarter of the highest rate",
            summaries: summaries,
            targets: [
                Threshold(
                    name: "lines of a statement downloaded",
                    measured: events / (SummaryStatistics(downloads)?.median ?? 0), limit: .atLeast(100_000),
                    unit: " a second"),
                Threshold(
                    name: "rows uploaded and compared", measured: SummaryStatistics(rates)?.median ?? 0,
                    limit: .atLeast(33_000), unit: " a second"),
                Threshold(
                    name: "closing a statement of \(Decimals.text(events, 0)) events beside calls",
                    measured: closed.seconds, limit: .atMost(Self.closingSeconds), unit: " s"),
                Threshold(
                    name: "p99 with a comparison, relative to the p99 without",
                    measured: summaries[1].median(.p99Milliseconds) / summaries[0].median(.p99Milliseconds),
                    limit: .atMost(1.5)),
            ],
            notes: uploads.map {
                "upload \(Decimals.text($0.uploaded, 1)) s, then \(Decimals.text($0.compared, 1)) s until compared"
            } + ["\(transfers.comparisons) comparisons were completed during the calls"])
    }
}
