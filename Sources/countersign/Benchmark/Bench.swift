import Benchmark
import ChargeStore
import Foundation

/// A benchmark: its servers and sites, and what it measures there. It blocks.
final class Bench {
    let options: BenchmarkOptions
    let measuring: Measuring
    let progress = BenchmarkProgress()
    private let loop = LoadLoop()
    private let folder: TemporaryFolder
    private var server: BenchmarkServer?
    private var main: BenchmarkSite?
    private var sites: [BenchmarkSite] = []
    private var databaseCount = 0

    init(_ options: BenchmarkOptions) throws {
        folder = try TemporaryFolder()
        self.options = options.reduced
        measuring = Measuring(
            warmUpSeconds: self.options.warmUpSeconds, seconds: self.options.seconds, runs: self.options.runs)
    }

    func run(_ scenario: Scenario) throws -> BenchmarkReport {
        let settings = try durableSettings()
        let parts = try options.smoke ? smoke(mainSite()) : parts(scenario)
        return BenchmarkReport(
            settings: settings, processors: ProcessInfo.processInfo.activeProcessorCount, parts: parts)
    }

    /// Stops what was started and removes its data.
    func end() {
        for site in sites { site.end() }
        server?.end()
        loop.end()
        folder.remove()
        progress.clear()
    }

    /// The database's settings.
    ///
    /// - Throws: `CommandFailure` if a decision is not durable by them: the figures would be another service's.
    private func durableSettings() throws -> [ServerSetting] {
        let session = try AdministrationSession(
            database: options.database ?? privateServer().connectionString("postgres"))
        defer { session.close() }
        let settings = try session.serverSettings(Self.durability + Self.sizes)
        let off = settings.filter { Self.durability.contains($0.name) && $0.value == "off" }
        guard off.isEmpty else {
            let names = off.map { "\($0.name)=off" }.joined(separator: " ")
            throw CommandFailure("the database may lose what was answered, and is not measured: \(names)")
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
        case .gathering: [try gathering(mainSite())]
        case .size: [try size()]
        case .memory: [try memory(mainSite())]
        case .reports: [try reports()]
        case .targets:
            try Scenario.withTargets.flatMap { try parts($0) }
        }
    }

    /// The site of all scenarios but those that need one of a size of its own.
    private func mainSite() throws -> BenchmarkSite {
        if let main { return main }
        let made = try makeMainSite()
        main = made
        return made
    }

    private func makeMainSite() throws -> BenchmarkSite {
        guard let target = options.target, let database = options.database else {
            return try privateSite(chargeCount: options.charges)
        }
        let site = try BenchmarkSite(
            database: BenchmarkDatabase(owner: database, node: database, reports: database),
            operatorCount: options.operators,
            chargeCount: options.charges, folder: folder, on: loop)
        sites.append(site)
        try site.attach(target)
        return site
    }

    /// A database of the benchmark's own with so many charges, and a node on it.
    ///
    /// - Parameter historyCount: Of how many more charges there is a history.
    func privateSite(chargeCount: Int, historyCount: Int = 0) throws -> BenchmarkSite {
        let site = try BenchmarkSite(
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
