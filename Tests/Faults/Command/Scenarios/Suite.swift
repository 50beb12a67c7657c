import Foundation

/// Prints a line at once, also where the output is a file.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Runs one after another on one cluster.
final class Suite {
    private let cluster: Cluster
    private let seconds: Double
    private let results: ResultsFile?
    private let json: Bool
    private let printsHeader: Bool
    private let keepsAll: Bool
    private let interruption: Interruption
    private var number = 0
    private var isClusterFresh = false
    private let folder: String
    /// Where what a failed run leaves is kept.
    let failures = "/var/tmp/countersign-faults-failures"

    init(
        cluster: Cluster, seconds: Double, results: ResultsFile?, json: Bool, printsHeader: Bool,
        keepsAll: Bool,
        interruption: Interruption
    ) {
        self.cluster = cluster
        self.seconds = seconds
        self.results = results
        self.json = json
        self.printsHeader = printsHeader
        self.keepsAll = keepsAll
        self.interruption = interruption
        folder = cluster.directory + "-suite"
    }

    /// Makes the runs that the results file does not have.
    ///
    /// - Returns: Whether each has shown what it should.
    func run(_ plan: [(scenario: Scenario, seed: UInt64)]) throws -> Bool {
        var done = results?.read() ?? []
        if printsHeader { say(ResultTable.header) }
        for (scenario, seed) in plan {
            if interruption.isSet { break }
            if let earlier = done.first(where: {
                $0.scenario == scenario.name && $0.seed == seed && $0.seconds == seconds
            }) {
                if !json { say(ResultTable.row(earlier)) }
                continue
            }
            let result = try run(scenario, seed)
            if interruption.isSet { break }
            try results?.append(result)
            done.append(result)
            say(json ? try ResultsFile.json(result) : ResultTable.row(result))
        }
        let planned = done.filter { result in
            plan.contains { $0.scenario.name == result.scenario && $0.seed == result.seed }
        }
        return planned.allSatisfy(\.isGood)
    }

    private func run(_ scenario: Scenario, _ seed: UInt64) throws -> RunResult {
        // What a control damages is not used again.
        if !isClusterFresh || scenario.control != nil { try cluster.start() }
        isClusterFresh = scenario.control == nil
        number += 1
        let runFolder = "\(folder)/\(scenario.name)-\(seed)"
        let interruption = interruption
        let run = ScenarioRun(
            scenario: scenario, seed: seed, seconds: seconds, cluster: cluster, number: number,
            folder: runFolder,
            isCancelled: { interruption.isSet })
        var result: RunResult
        do {
            result = try run.run()
        } catch {
            // The suite itself failed, or the service did not come back. The next run begins on a new cluster.
            isClusterFresh = false
            result = RunResult(
                scenario: scenario.name, seed: seed, seconds: seconds, calls: 0, ok: 0, failed: 0, unknown: 0,
                longestGapSeconds: 0, okPerSecond: 0, recoverySeconds: nil,
                violations: [RunResult.Violation(invariant: "run-failed", description: "\(error)")],
                faults: [])
        }
        result.expected = scenario.control?.expected
        if !result.isGood, !interruption.isSet {
            keep(runFolder)
            explain(result)
        } else if keepsAll {
            keep(runFolder)
        }
        try? FileManager.default.removeItem(atPath: runFolder)
        return result
    }

    /// Keeps a run's journal and the logs.
    private func keep(_ runFolder: String) {
        let place = "\(failures)/\((runFolder as NSString).lastPathComponent)"
        try? FileManager.default.createDirectory(atPath: failures, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: place)
        try? FileManager.default.copyItem(atPath: runFolder, toPath: place)
        cluster.keepLogs(in: place)
    }

    private func explain(_ result: RunResult) {
        var text = "\(result.scenario) with seed \(result.seed):\n"
        for fault in result.faults { text += "    \(fault)\n" }
        for violation in result.violations.prefix(20) {
            text += "    \(violation.invariant): \(violation.description)\n"
        }
        text += "    The journal and the logs are in \(failures)/\(result.scenario)-\(result.seed).\n"
        text += "    Once more: \(result.replay)\n"
        FileHandle.standardError.write(Data(text.utf8))
    }
}
