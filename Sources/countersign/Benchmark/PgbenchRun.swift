import Benchmark
import ChargeStore
import Charges
import Foundation
import EmbeddedPostgres

/// A run of a baseline script by pgbench on the database of an environment.
struct PgbenchRun {
    let script: BaselineScript
    let clients: Int
    /// The number of charges in a statement; 0 for a script that decides none.
    var rows = 0
    /// The number of transactions of each client; `nil` for as many as there is time for.
    var transactionsPerClient: Int?
    /// The transactions a second of all clients; `nil` for as many as possible. Their latency counts from the time at
    /// which they were due.
    var rate: Double?
    /// Whether latencies are measured. pgbench then writes a line for each transaction, which costs a high rate some of it.
    var measuresLatencies = false
    var checkpoints = BenchmarkRunner.Checkpoints.forced

    /// Runs the script and measures it.
    ///
    /// - Throws: `CommandFailure` with pgbench's last line if it fails, or if it decided less than it reports.
    func metrics(on environment: BenchmarkEnvironment, seconds: Double) throws -> [BenchmarkMetric: Double] {
        try environment.waitUntilIdle()
        let start = try Snapshot(of: environment)
        let process = try launch(on: environment, seconds: seconds)
        defer { if process.process.isRunning { process.process.terminate() } }
        try Interruption.pause(until: start.moment + .seconds(seconds / 2))
        if checkpoints == .forced { try environment.checkpoint() }
        let deadline = start.moment + .seconds(4 * seconds + 60)
        while process.process.isRunning {
            guard ContinuousClock.now < deadline else { throw CommandFailure("pgbench did not end in time") }
            try Interruption.pause(until: .now + .milliseconds(10))
        }
        let end = try Snapshot(of: environment)
        let text = (try? String(contentsOfFile: process.output, encoding: .utf8)) ?? ""
        guard process.process.terminationStatus == 0, let output = PgbenchOutput(text) else {
            let lines = text.split(separator: "\n")
            let reason = lines.first { $0.contains("error") } ?? lines.last ?? "it printed nothing"
            throw CommandFailure("pgbench failed at '\(script.name)': \(reason)")
        }
        // The number is approximate, since the clients differ in speed.
        if transactionsPerClient == nil { _ = environment.baselineKeys.skip(output.transactions * rows) }
        let charges = script.decides ? output.transactions * rows : 0
        if script.decides { try requireUpdates(since: start, charges, on: environment) }
        var metrics = end.metrics(since: start, charges: charges)
        metrics[.callsPerSecond] = output.transactionsPerSecond
        if measuresLatencies {
            let log = try String(contentsOfFile: process.latencies, encoding: .utf8)
            try FileManager.default.removeItem(atPath: process.latencies)
            metrics.merge(BenchmarkRunner.metrics(Latencies(pgbenchLog: log))) { $1 }
        }
        if rows > 0 { metrics[.chargesPerSecond] = output.transactionsPerSecond * Double(rows) }
        // The load comes from pgbench, not from this process.
        metrics[.generatorCPUSeconds] = nil
        return metrics
    }

    /// Waits until the statistics show all updates. Sessions report them when they end, shortly after pgbench.
    private func requireUpdates(since start: Snapshot, _ charges: Int, on environment: BenchmarkEnvironment)
        throws
    {
        let deadline = ContinuousClock.now + .seconds(10)
        while try environment.session.benchmarkCounters().updates - start.counters.updates < charges {
            guard ContinuousClock.now < deadline else {
                throw CommandFailure(
                    "the baseline '\(script.name)' did not decide all of its \(charges) charges")
            }
            try Interruption.pause(until: .now + .milliseconds(10))
        }
    }

    private func launch(on environment: BenchmarkEnvironment, seconds: Double) throws -> (
        process: Process, output: String, latencies: String
    ) {
        let keySequence = environment.operators[0].keySequence
        let extent: String
        var visits = environment.baselineKeys.skip(0)
        if let transactionsPerClient {
            visits = keySequence.skip(clients * transactionsPerClient * rows)
            extent = "--transactions=\(transactionsPerClient)"
        } else {
            extent = "--time=\(max(1, Int(seconds.rounded())))"
        }
        let firstReceivedOn = environment.firstReceivedOn.microsecondsSince2000 / 1_000_000 + 946_684_800
        let variables = [
            "operator=\(environment.identifiers[0].value)", "charges=\(keySequence.chargeCount)",
            "visits=\(visits)",
            "rows=\(rows)", "clients=\(clients)", "step=0", "tag=\(BenchmarkNames.randomTag())",
            "first_received_on=\(firstReceivedOn)",
        ]
        let name = environment.folder.path + "/pgbench"
        try script.text.write(toFile: name + ".sql", atomically: false, encoding: .utf8)
        try "".write(toFile: name + ".out", atomically: false, encoding: .utf8)
        let pace = rate.map { ["--rate=\($0)"] } ?? []
        let log = measuresLatencies ? ["--log", "--log-prefix=\(name)"] : []
        let process = try DatabaseProgram.process(
            "pgbench",
            [
                "--no-vacuum", "--protocol=prepared", "--file=\(name).sql", "--client=\(clients)", "--jobs=1",
                extent,
            ] + pace + log + variables.map { "--define=\($0)" }, on: environment.database)
        process.environment?["PGOPTIONS"] = BaselineScript.sessionOptions
        let output = FileHandle(forWritingAtPath: name + ".out")
        process.standardOutput = output
        process.standardError = output
        try ChildProcess.starting { try process.run() }
        return (process, name + ".out", "\(name).\(process.processIdentifier)")
    }
}
