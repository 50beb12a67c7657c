import Benchmark
import ChargeStore
import Foundation

/// A benchmark with its servers and environments. Its methods block.
final class Bench {
    let options: BenchmarkOptions
    let runner: BenchmarkRunner
    let progress = BenchmarkProgress()
    private let loop = LoadLoop()
    private let folder: TemporaryFolder
    private var server: BenchmarkServer?
    private var main: BenchmarkEnvironment?
    private var environments: [BenchmarkEnvironment] = []
    private var databaseCount = 0

    init(_ options: BenchmarkOptions) throws {
        folder = try TemporaryFolder()
        self.options = options.reduced
        runner = BenchmarkRunner(
            warmUpSeconds: self.options.warmUpSeconds, seconds: self.options.seconds, runs: self.options.runs)
    }

    func run(_ scenario: Scenario) throws -> BenchmarkReport {
        let settings = try durableSettings()
        let parts = try options.smoke ? smoke(mainEnvironment()) : parts(scenario)
        return BenchmarkReport(
            settings: settings, processors: ProcessInfo.processInfo.activeProcessorCount, parts: parts)
    }

    /// Stops everything that was started and removes its data.
    func end() {
        for environment in environments { environment.end() }
        server?.end()
        loop.end()
        folder.remove()
        progress.clear()
    }

    /// The settings of the database.
    ///
    /// - Throws: `CommandFailure` if they do not make decisions durable. The figures would be meaningless then.
    private func durableSettings() throws -> [ServerSetting] {
        let session = try AdministrationSession(
            database: options.database ?? privateServer().connectionString("postgres"))
        defer { session.close() }
        let settings = try session.serverSettings(Self.durability + Self.sizes)
        let off = settings.filter { Self.durability.contains($0.name) && $0.value == "off" }
        guard off.isEmpty else {
            let names = off.map { "\($0.name)=off" }.joined(separator: " ")
            throw CommandFailure(
                "the database is not measured, because its settings can lose answered calls: \(names)")
        }
        return settings
    }

    private static let durability = ["autovacuum", "fsync", "full_page_writes", "synchronous_commit"]
    private static let sizes = [
        "max_wal_size", "server_version", "shared_buffers", "wal_compression", "wal_sync_method",
    ]

    private func parts(_ scenario: Scenario) throws -> [BenchmarkReport.Part] {
        switch scenario {
        case .overview: [try overview(mainEnvironment())]
        case .load: [try load(mainEnvironment())]
        case .batch: [try batch(mainEnvironment())]
        case .list: [try list(mainEnvironment())]
        case .open: [try open(mainEnvironment())]
        case .flood: [try flood(mainEnvironment())]
        case .batching: [try batching(mainEnvironment())]
        case .size: [try size()]
        case .memory: [try memory(mainEnvironment())]
        case .pressure: [try pressure(mainEnvironment())]
        case .reports: [try reports()]
        case .reconciliation: [try reconciliation()]
        case .console: [try console()]
        case .targets:
            try Scenario.withTargets.flatMap { try parts($0) }
        }
    }

    /// The environment that most scenarios share. Some scenarios need one of a special size.
    private func mainEnvironment() throws -> BenchmarkEnvironment {
        if let main { return main }
        let made = try makeMainEnvironment()
        main = made
        return made
    }

    private func makeMainEnvironment() throws -> BenchmarkEnvironment {
        guard let target = options.target, let database = options.database else {
            return try privateEnvironment(chargeCount: options.charges)
        }
        let environment = try BenchmarkEnvironment(
            database: BenchmarkDatabase(owner: database, node: database, reports: database),
            operatorCount: options.operators,
            chargeCount: options.charges, folder: folder, on: loop)
        environments.append(environment)
        try environment.attach(target)
        return environment
    }

    /// Creates a private database with that many charges, and starts a node on it.
    ///
    /// - Parameter historyCount: The number of further charges that have a history.
    func privateEnvironment(chargeCount: Int, historyCount: Int = 0) throws -> BenchmarkEnvironment {
        let environment = try BenchmarkEnvironment(
            database: privateServer().makeDatabase("bench_\(databaseCount)"),
            operatorCount: options.operators, chargeCount: chargeCount, historyCount: historyCount,
            folder: folder, on: loop)
        databaseCount += 1
        environments.append(environment)
        try environment.startNode(options.nodeArguments)
        return environment
    }

    private func privateServer() throws -> BenchmarkServer {
        if let server { return server }
        progress.show("starting PostgreSQL in \(options.directory)")
        var settings: [String: String] = [:]
        for setting in options.postgresql {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            settings[String(parts[0])] = String(parts[1])
        }
        let made = try BenchmarkServer(directory: options.directory, settings: settings)
        server = made
        return made
    }
}

extension Bench {
    func overview(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let subjects = [
            decisions("1 charge a call", items: 1, on: environment),
            decisions("50 charges a call", items: 50, on: environment),
            decisions("a lone call", items: 1, connections: 1, on: environment),
        ]
        return BenchmarkReport.Part(
            title: "Closed loop, \(options.connections) connections",
            summaries: try runner.summaries(subjects, progress))
    }

    func load(_ environment: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let model = options.rate.map { LoadModel.open(callsPerSecond: $0) } ?? .closed
        let name =
            "\(options.items) a call" + (options.failing == .none ? "" : ", \(options.failing) failing")
        let subject = decisions(
            name, items: options.items, model: model, failing: options.failing, on: environment)
        let loop = options.rate.map { "Open loop, \(Decimals.text($0, 0)) calls/s" } ?? "Closed loop"
        return BenchmarkReport.Part(
            title: "\(loop), \(options.connections) connections, \(options.operators) operators",
            summaries: try runner.summaries([subject], progress))
    }

    /// A subject of accept and decline calls.
    func decisions(
        _ name: String, items: Int, connections: Int? = nil, model: LoadModel = .closed,
        failing: FailureRate = .none, on environment: BenchmarkEnvironment
    ) -> BenchmarkRunner.Subject {
        BenchmarkRunner.Subject(name: name) { [runner, options] in
            let load = environment.decisions(
                items: items, connections: connections ?? options.connections, model: model, failing: failing)
            return try runner.run([load], on: environment)[0]
        }
    }

    /// A short run of the main scenarios on few charges.
    func smoke(_ environment: BenchmarkEnvironment) throws -> [BenchmarkReport.Part] {
        let subjects = [
            decisions("1 a call", items: 1, on: environment),
            decisions("10 a call, a tenth failing", items: 10, failing: .tenth, on: environment),
            decisions("50 a call, all failing", items: 50, failing: .all, on: environment),
            decisions("open loop", items: 1, model: .open(callsPerSecond: 100), on: environment),
        ]
        var parts = [
            BenchmarkReport.Part(title: "Smoke", summaries: try runner.summaries(subjects, progress))
        ]
        parts.append(try batch(environment))
        parts.append(try list(environment))
        parts.append(try flood(environment))
        // Such short measurements are compared with no threshold.
        return parts.map { BenchmarkReport.Part(title: $0.title, summaries: $0.summaries) }
    }
}
