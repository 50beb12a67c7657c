import Benchmark
import ChargeStore
import Foundation

/// A benchmark with its servers and environments. Its methods block.
final class Bench {
    let options: BenchmarkOptions
    let measuring: BenchmarkRunner
    let progress = BenchmarkProgress()
    private let loop = LoadLoop()
    private let folder: TemporaryFolder
    private var server: BenchmarkServer?
    private var main: BenchmarkEnvironment?
    private var sites: [BenchmarkEnvironment] = []
    private var databaseCount = 0

    init(_ options: BenchmarkOptions) throws {
        folder = try TemporaryFolder()
        self.options = options.reduced
        measuring = BenchmarkRunner(
            warmUpSeconds: self.options.warmUpSeconds, seconds: self.options.seconds, runs: self.options.runs)
    }

    func run(_ scenario: Scenario) throws -> BenchmarkReport {
        let settings = try durableSettings()
        let parts = try options.smoke ? smoke(mainSite()) : parts(scenario)
        return BenchmarkReport(
            settings: settings, processors: ProcessInfo.processInfo.activeProcessorCount, parts: parts)
    }

    /// Stops everything that was started and removes its data.
    func end() {
        for site in sites { site.end() }
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
        case .overview: [try overview(mainSite())]
        case .load: [try load(mainSite())]
        case .batch: [try batch(mainSite())]
        case .list: [try list(mainSite())]
        case .open: [try open(mainSite())]
        case .flood: [try flood(mainSite())]
        case .batching: [try batching(mainSite())]
        case .size: [try size()]
        case .memory: [try memory(mainSite())]
        case .reports: [try reports()]
        case .targets:
            try Scenario.withTargets.flatMap { try parts($0) }
        }
    }

    /// The environment that most scenarios share. Some scenarios need one of a special size.
    private func mainSite() throws -> BenchmarkEnvironment {
        if let main { return main }
        let made = try makeMainSite()
        main = made
        return made
    }

    private func makeMainSite() throws -> BenchmarkEnvironment {
        guard let target = options.target, let database = options.database else {
            return try privateSite(chargeCount: options.charges)
        }
        let site = try BenchmarkEnvironment(
            database: BenchmarkDatabase(owner: database, node: database, reports: database),
            operatorCount: options.operators,
            chargeCount: options.charges, folder: folder, on: loop)
        sites.append(site)
        try site.attach(target)
        return site
    }

    /// Creates a private database with that many charges, and starts a node on it.
    ///
    /// - Parameter historyCount: The number of further charges that have a history.
    func privateSite(chargeCount: Int, historyCount: Int = 0) throws -> BenchmarkEnvironment {
        let site = try BenchmarkEnvironment(
            database: privateServer().makeDatabase("bench_\(databaseCount)"),
            operatorCount: options.operators, chargeCount: chargeCount, historyCount: historyCount,
            folder: folder, on: loop)
        databaseCount += 1
        sites.append(site)
        try site.startNode(options.nodeArguments)
        return site
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
    func overview(_ site: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let subjects = [
            decisions("1 charge a call", items: 1, on: site),
            decisions("50 charges a call", items: 50, on: site),
            decisions("a lone call", items: 1, connections: 1, on: site),
        ]
        return BenchmarkReport.Part(
            title: "Closed loop, \(options.connections) connections",
            summaries: try measuring.summaries(subjects, progress))
    }

    func load(_ site: BenchmarkEnvironment) throws -> BenchmarkReport.Part {
        let pace = options.rate.map { LoadModel.open(callsPerSecond: $0) } ?? .closed
        let name =
            "\(options.items) a call" + (options.failing == .none ? "" : ", \(options.failing) failing")
        let subject = decisions(
            name, items: options.items, pace: pace, failing: options.failing, on: site)
        let loop = options.rate.map { "Open loop, \(Decimals.text($0, 0)) calls/s" } ?? "Closed loop"
        return BenchmarkReport.Part(
            title: "\(loop), \(options.connections) connections, \(options.operators) operators",
            summaries: try measuring.summaries([subject], progress))
    }

    /// A subject of accept and decline calls.
    func decisions(
        _ name: String, items: Int, connections: Int? = nil, pace: LoadModel = .closed,
        failing: FailureRate = .none, on site: BenchmarkEnvironment
    ) -> BenchmarkRunner.Subject {
        BenchmarkRunner.Subject(name: name) { [measuring, options] in
            let load = site.decisions(
                items: items, connections: connections ?? options.connections, pace: pace, failing: failing)
            return try measuring.run(load, on: site)[0]
        }
    }

    /// A short run of the main scenarios on few charges.
    func smoke(_ site: BenchmarkEnvironment) throws -> [BenchmarkReport.Part] {
        let subjects = [
            decisions("1 a call", items: 1, on: site),
            decisions("10 a call, a tenth failing", items: 10, failing: .tenth, on: site),
            decisions("50 a call, all failing", items: 50, failing: .all, on: site),
            decisions("open loop", items: 1, pace: .open(callsPerSecond: 100), on: site),
        ]
        var parts = [
            BenchmarkReport.Part(title: "Smoke", summaries: try measuring.summaries(subjects, progress))
        ]
        parts.append(try batch(site))
        parts.append(try list(site))
        parts.append(try flood(site))
        // Such short measurements are compared with no threshold.
        return parts.map { BenchmarkReport.Part(title: $0.title, summaries: $0.summaries) }
    }
}
