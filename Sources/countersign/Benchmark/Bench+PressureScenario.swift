import Benchmark
import ChargeStore
import EmbeddedPostgres
import Foundation
import LibPQ

extension Bench {
    private static let readers = 4
    private static let idleConnections = 300

    /// The scenario of sessions that get in the way of a database: a snapshot that is held for `--pressure-seconds`, so
    /// that no old version of a row can be removed; the same with readers; and idle connections.
    func pressure(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let held = options.pressureSeconds
        // The end of the time counts, when the most old versions are there.
        let atEnd = timed(held * 0.8, held * 0.2)
        // A fifth of five minutes is the time within which the rate must be back.
        let back = timed(held * 0.2, held * 0.1)
        let short = timed(options.warmUpSeconds, held * 0.1)
        func run(_ runner: BenchmarkRunner) throws -> [BenchmarkMetric: Double] {
            try runner.run(
                [environment.decisions(items: 1, connections: options.connections)], on: environment)[0]
        }
        func under(_ scripts: [String], _ runner: BenchmarkRunner) throws -> [BenchmarkMetric: Double] {
            let sessions = try HeldSessions(scripts, on: environment)
            defer { sessions.end() }
            let metrics = try run(runner)
            try sessions.requireRunning()
            return metrics
        }
        let readers = Array(
            repeating: PressureScript.reader(of: environment.identifiers[0]), count: Self.readers)
        func clean() throws -> [BenchmarkMetric: Double] { try run(short) }
        // The machine's speed swings within minutes, so each step lies between two runs with nothing in the way.
        let steps: [(name: String, run: () throws -> [BenchmarkMetric: Double])] = [
            ("nothing in the way", clean),
            ("a held snapshot", { try under([PressureScript.holder], atEnd) }),
            ("after its end", { try run(back) }),
            ("nothing, again", clean),
            ("\(Self.readers) readers", { try under(readers, atEnd) }),
            ("after their end", { try run(back) }),
            ("nothing, again", clean),
            (
                "\(Self.idleConnections) idle connections",
                {
                    let connections = try (0..<Self.idleConnections).map { _ in
                        try Connection(
                            ConnectionParameters(parsing: environment.database.owner),
                            deadline: .now + .seconds(30))
                    }
                    defer { for connection in connections { connection.close() } }
                    return try run(short)
                }
            ),
            ("nothing, again", clean),
        ]
        let summaries = try steps.map { step in
            progress.show(step.name)
            return Summary(name: step.name, runs: [try step.run()])
        }
        progress.clear()
        let rates = summaries.map { $0.median(.callsPerSecond) }
        /// A step's rate, of the mean of the two runs with nothing in the way that it lies between.
        func target(_ name: String, _ step: Int, between clean: (Int, Int), _ least: Double) -> Threshold {
            Threshold(
                name: "\(name), relative to nothing in the way",
                measured: rates[step] * 2 / (rates[clean.0] + rates[clean.1]), limit: .atLeast(least))
        }
        return BenchmarkReport.Part(
            title: "1 charge a call, \(options.connections) connections, with sessions in the way",
            summaries: summaries,
            targets: [
                target("with a held snapshot", 1, between: (0, 3), 0.75),
                target("after its end", 2, between: (0, 3), 0.98),
                target("with \(Self.readers) readers", 4, between: (3, 6), 0.4),
                target("after their end", 5, between: (3, 6), 0.98),
                target("with \(Self.idleConnections) idle connections", 7, between: (6, 8), 0.95),
            ])
    }

    private func timed(_ warmUpSeconds: Double, _ seconds: Double) -> BenchmarkRunner {
        BenchmarkRunner(warmUpSeconds: warmUpSeconds, seconds: seconds, runs: 1)
    }
}

/// Sessions of psql that hold a transaction open until they are ended.
private final class HeldSessions {
    private var processes: [Process] = []

    /// - Parameter scripts: What each session runs. It ends in a command that repeats.
    init(_ scripts: [String], on environment: BenchmarkEnvironment) throws {
        for (index, script) in scripts.enumerated() {
            let file = environment.folder.path + "/held-\(index).sql"
            try (script + "\n").write(toFile: file, atomically: false, encoding: .utf8)
            let process = try DatabaseProgram.process(
                "psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", file],
                on: environment.database)
            try ChildProcess.starting { try process.run() }
            processes.append(process)
        }
    }

    /// Checks that all sessions still hold their transactions.
    func requireRunning() throws {
        guard processes.allSatisfy(\.isRunning) else {
            throw CommandFailure("a session that holds a snapshot ended too early")
        }
    }

    func end() {
        for process in processes where process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
    }
}
