import FaultJournal
import Foundation
import StrictJSON

/// One run: operators of its own, a load with faults, the repair of everything, the last reads, and the check.
struct ScenarioRun {
    let scenario: Scenario
    let seed: UInt64
    let seconds: Double
    let cluster: Cluster
    /// The run's number in the cluster.
    let number: Int
    /// The run's folder, for its journal.
    let folder: String
    let isCancelled: @Sendable () -> Bool

    /// The seconds of load before the first fault, which give the rate to come back to.
    private static let calmSeconds = 4.0
    /// How long a run waits for the rate to come back.
    private static let longestRecovery = 20.0

    func run() throws -> RunResult {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/journal"
        let journal = try JournalWriter(path: path)
        try journal.append(.run(scenario: scenario.name, seed: seed))
        let state = try prepare(journal)

        let meter = RateMeter()
        let workload = Workload(
            state: state,
            caller: Caller(
                cluster: cluster, journal: journal, meter: meter,
                unsteadyOperator: state.operators.first(where: \.isSuspendedAtTimes)?.code), seed: seed)
        var files: DecisionFileClient?
        if scenario.decidesByFile {
            let client = DecisionFileClient(cluster: cluster, operatorCode: "F\(number)E", seed: seed)
            try client.prepare(in: folder)
            files = client
        }
        try workload.start()
        if let files { workload.add(files) }
        let began = meter.now
        pause(seconds: Self.calmSeconds)
        let rate = meter.rate(from: began + 1, to: meter.now)
        let nemesis = Nemesis(
            scenario: scenario, cluster: cluster, workload: workload, seed: seed, run: number)
        var faults: [String] = []
        let problem: (any Error)?
        do {
            if scenario.tracks.isEmpty {
                for _ in 0..<Int(seconds) where !isCancelled() { pause(seconds: 1) }
            } else {
                faults = try nemesis.run(seconds: seconds, isCancelled: isCancelled)
            }
            problem = nil
        } catch {
            problem = error
        }
        let ended = meter.now
        var recovery: Double?
        while recovery == nil, meter.now < ended + Self.longestRecovery, !isCancelled(), problem == nil {
            pause(seconds: 0.5)
            recovery = meter.recovery(after: ended, to: rate)
        }
        let (counts, gap) = (meter.counts, meter.longestGap)
        try workload.stop()
        if let problem { throw problem }
        if isCancelled() { throw Shell.Failure(description: "the run was interrupted") }
        try cluster.heal()
        try retire(state)
        try FinalRead(cluster: cluster, workload: workload).run()
        let violations =
            try JournalCheck.violations(inJournal: path) + (try files?.violations() ?? [])
        return RunResult(
            scenario: scenario.name, seed: seed, seconds: seconds, calls: counts.calls, ok: counts.ok,
            failed: counts.failed, unknown: counts.unknown, longestGapSeconds: gap, okPerSecond: rate,
            recoverySeconds: recovery, violations: violations, faults: faults)
    }

    /// Adds operators for this run alone, and finds the end of the feed.
    private func prepare(_ journal: JournalWriter) throws -> RunState {
        let settings = [
            OperatorSettings("F\(number)A"), OperatorSettings("F\(number)B", repeatsSucceed: true),
            OperatorSettings("F\(number)C", hasPolicy: true), OperatorSettings("F\(number)D"),
        ]
        for setting in settings {
            try cluster.admin(
                "operator", "add", setting.code, "--currency", "EUR", "--undecided",
                setting.hasPolicy ? "accept" : "hold", "--window", setting.hasPolicy ? "3s" : "72h")
            if setting.repeatsSucceed {
                try cluster.admin("operator", "set", setting.code, "--repeat", "success")
            }
            try cluster.admin(
                "user", "add", "--operator", setting.code, "--username", "tester",
                input: OperatorSession.password + "\n")
            try journal.append(.operator(setting))
        }
        let key = try cluster.admin("provider-key", "add", "bridge-\(number)")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let startedOn = try Database.rows(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')",
            on: try cluster.primary(), of: cluster)
        let (cursor, position) = try FeedEnd.find(cluster: cluster, providerKey: key)
        return RunState(
            operators: settings.enumerated().map { place, setting in
                RunState.OperatorAccount(settings: setting, isSuspendedAtTimes: place == 3)
            }, providerKey: key, startedOn: startedOn.first?.first.flatMap { $0 } ?? "",
            cursor: cursor, position: position)
    }

    /// Lets nothing decide for the run's operators any more.
    private func retire(_ state: RunState) throws {
        for account in state.operators where account.settings.hasPolicy {
            try cluster.admin("operator", "set", account.code, "--undecided", "hold")
        }
        // A pass of a policy that has begun comes to its end.
        pause(seconds: 1)
    }
}

/// The end of the feed before a run.
enum FeedEnd {
    static func find(cluster: Cluster, providerKey: String) throws -> (cursor: String, position: Int) {
        var cursor = ""
        var position = 0
        for _ in 0..<10_000 {
            let request = HTTPClient.request(
                "GET", "/provider/v1/charges/decisions?after=\(cursor)&limit=1000", bearer: providerKey)
            guard
                case .response(200, let body) = HTTPClient.call(
                    request, port: cluster.nodePort("node1", isInternal: true), timeout: .seconds(15)),
                let data = AnswerReader.envelopeData(body), let next = data["next"]?.string
            else {
                pause(seconds: 0.2)
                continue
            }
            cursor = next
            let rows = AnswerReader.feedRows(data)
            position = rows.last?.position ?? position
            if rows.isEmpty { return (cursor, position) }
        }
        throw Shell.Failure(description: "the feed's end was not found")
    }
}
