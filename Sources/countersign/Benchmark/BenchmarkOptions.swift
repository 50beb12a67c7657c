import ArgumentParser
import Benchmark

/// The options of `countersign bench`.
struct BenchmarkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A running service, http://HOST:PORT, with --database. The default is a private service.",
            valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "The database of --url, with a login that may add operators and charges.", valueName: "connection"
        ))
    var database: String?

    @Option(
        help: ArgumentHelp("The folder of the private database while it runs.", valueName: "folder"),
        completion: .directory)
    var directory = "/var/tmp/countersign-bench"

    @Option(
        help: ArgumentHelp(
            "A setting of the private PostgreSQL server, NAME=VALUE; repeatable.",
            valueName: "setting"))
    var postgresql: [String] = []

    @Option(
        help: ArgumentHelp(
            "A further argument of the private node, such as --node=--connections=4; repeatable.",
            valueName: "argument"))
    var node: [String] = []

    @Flag(help: "Measure a private node that does not batch calls.")
    var noBatching = false

    @Option(help: ArgumentHelp("The number of charges in the database.", valueName: "count"))
    var charges = 1_000_000

    @Option(help: ArgumentHelp("The number of charges in the large database of 'size'.", valueName: "count"))
    var largeCharges = 10_000_000

    @Option(help: ArgumentHelp("The number of lines of the files of 'reconciliation'.", valueName: "count"))
    var lines = 1_000_000

    @Option(help: ArgumentHelp("The number of operators that make calls.", valueName: "count"))
    var operators = 1

    @Option(help: ArgumentHelp("The number of connections of a load.", valueName: "count"))
    var connections = 64

    @Option(help: ArgumentHelp("The number of charges in a call of 'load': 1 to 50.", valueName: "count"))
    var items = 1

    @Option(help: "The share of items of 'load' that fail: none, tenth or all.")
    var failing = FailureRate.none

    @Option(
        help: ArgumentHelp(
            "Calls a second of 'load' in open loop. The default is closed loop.", valueName: "count"))
    var rate: Double?

    @Option(
        help: ArgumentHelp("The calls a second of the operator that 'flood' watches.", valueName: "count"))
    var watchedRate = 50.0

    @Option(help: ArgumentHelp("The number of connections of the operator that floods.", valueName: "count"))
    var floodConnections = 128

    @Option(help: ArgumentHelp("The measured time of each run.", valueName: "seconds"))
    var seconds = 5.0

    @Option(
        help: ArgumentHelp(
            "The measured time of each run of 'open' and 'flood', which are about tails.",
            valueName: "seconds"))
    var tailSeconds = 120.0

    @Option(help: ArgumentHelp("The time before each measurement.", valueName: "seconds"))
    var warmUpSeconds = 1.0

    @Option(help: ArgumentHelp("The number of runs of each measurement.", valueName: "count"))
    var runs = 3

    @Option(help: ArgumentHelp("The duration of 'memory'.", valueName: "seconds"))
    var memorySeconds = 600.0

    @Option(
        help: ArgumentHelp(
            "The time for which 'pressure' holds a snapshot, and then readers.", valueName: "seconds"))
    var pressureSeconds = 300.0

    @Flag(help: "Run the main scenarios once, briefly and on few charges, to check that they work.")
    var smoke = false

    func validate() throws {
        guard (url == nil) == (database == nil) else {
            throw ValidationError("--url and --database must be given together.")
        }
        if let url, HTTPTarget(url: url) == nil {
            throw ValidationError("--url must be http://HOST, optionally with a port and a path.")
        }
        guard url == nil || (node.isEmpty && postgresql.isEmpty && !noBatching) else {
            throw ValidationError("--node, --no-batching and --postgresql require a private node.")
        }
        guard postgresql.allSatisfy({ $0.contains("=") }) else {
            throw ValidationError("--postgresql takes NAME=VALUE.")
        }
        for (name, value, bounds) in [
            ("--charges", charges, 2000...90_000_000),
            ("--large-charges", largeCharges, 100_000...90_000_000),
            ("--lines", lines, 1000...9_000_000), ("--operators", operators, 1...100),
            ("--connections", connections, 1...1024),
            ("--items", items, 1...50), ("--flood-connections", floodConnections, 1...1024),
            ("--runs", runs, 1...99),
        ] where !bounds.contains(value) {
            throw ValidationError("\(name) must be \(bounds.lowerBound) to \(bounds.upperBound).")
        }
        for (name, value, bounds) in [
            ("--seconds", seconds, 0.1...86_400), ("--tail-seconds", tailSeconds, 0.1...86_400),
            ("--warm-up-seconds", warmUpSeconds, 0...3600),
            ("--memory-seconds", memorySeconds, 1...864_000),
            ("--pressure-seconds", pressureSeconds, 10...86_400),
            ("--rate", rate ?? 1, 0.1...1_000_000), ("--watched-rate", watchedRate, 0.1...1_000_000),
        ] where !bounds.contains(value) {
            let least = bounds.lowerBound == 0 ? "0" : Decimals.text(bounds.lowerBound, 1)
            throw ValidationError("\(name) must be \(least) to \(Decimals.text(bounds.upperBound, 0)).")
        }
    }

    /// The options with the sizes of `--smoke`, if it is given.
    var reduced: BenchmarkOptions {
        guard smoke else { return self }
        var reduced = self
        reduced.charges = 6000
        reduced.operators = 3
        reduced.connections = min(connections, 8)
        reduced.floodConnections = 8
        reduced.seconds = 0.5
        reduced.tailSeconds = 0.5
        reduced.warmUpSeconds = 0.1
        reduced.runs = 1
        return reduced
    }

    var target: HTTPTarget? { url.flatMap(HTTPTarget.init(url:)) }

    /// The further arguments of the private node.
    var nodeArguments: [String] { node + (noBatching ? Self.withoutBatching : []) }

    static let withoutBatching = ["--batching", "off"]
}

extension FailureRate: ExpressibleByArgument {}

extension BenchmarkOptions {
    /// Checks the options for a scenario.
    ///
    /// - Throws: `ValidationError` if the scenario cannot run with them.
    func validate(for scenario: Scenario) throws {
        if smoke { return }
        guard url == nil || !scenario.needsPrivateNode else {
            throw ValidationError("'\(scenario)' needs a private node: leave out --url and --database.")
        }
        for part in scenario == .targets ? Scenario.withTargets : [scenario] {
            // A charge must be answered before its next decision. More charges than calls in flight ensure that.
            let needed = max(2000, 4 * chargesNamedAtATime(by: part)) * operators
            let fixed = Self.fixedCharges(of: part)
            guard fixed ?? charges < needed else { continue }
            let change =
                fixed == nil ? "--charges must be at least \(needed)" : "reduce --operators or --connections"
            throw ValidationError("'\(part)' has too few charges for its concurrent calls: \(change).")
        }
    }

    /// The number of charges of a scenario that does not follow `--charges`.
    private static func fixedCharges(of scenario: Scenario) -> Int? {
        switch scenario {
        case .size: Bench.smallCharges
        case .reports, .reconciliation, .console: Bench.acceptedCharges
        default: nil
        }
    }

    /// The maximum number of charges of one operator that a scenario names at a time.
    private func chargesNamedAtATime(by scenario: Scenario) -> Int {
        let calls = (connections + operators - 1) / operators
        return switch scenario {
        case .load: calls * items
        case .overview, .memory: calls * Bench.batchItems
        case .batch: max(calls * Bench.batchItems, Bench.baselineCharges)
        case .flood: floodConnections * Bench.batchItems
        case .list, .open, .batching, .size, .pressure, .reports, .reconciliation, .console, .targets: calls
        }
    }
}

/// A scenario of the benchmark.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    case overview, load, batch, list, open, flood, batching, size, memory, pressure, reports,
        reconciliation, console, targets

    /// The description for `--help`.
    var meaning: String {
        switch self {
        case .overview: "1 and 50 charges a call in closed loop, and a single call at a time"
        case .load: "a load of your choice: --items, --failing, --operators, --rate"
        case .batch: "50 charges a call, compared with the service's statement and simpler ones in pgbench"
        case .list: "lists of 50 charges, compared with the same query in pgbench"
        case .open: "open loop at half the highest rate, compared with a single call at a time"
        case .flood: "an operator's single calls, with and without a flood from another operator"
        case .batching: "1 charge a call, with batching and without"
        case .size: "1 charge a call on 100 thousand charges and on --large-charges"
        case .memory: "a node's memory, HOT updates and latencies over --memory-seconds"
        case .pressure: "1 charge a call beside a held snapshot, readers and idle connections"
        case .reports:
            "every report on --large-charges, with concurrent calls at a quarter of their highest rate"
        case .reconciliation:
            "files of --lines lines: closing, downloading, uploading and comparing, with concurrent calls"
        case .console: "every page of the console on --large-charges, one reading at a time"
        case .targets: "all scenarios from batch to size, each compared with its threshold"
        }
    }

    /// The scenarios that `targets` runs.
    static let withTargets: [Scenario] = [.batch, .list, .open, .flood, .batching, .size]

    /// Whether the scenario restarts the node, inspects its process, or needs a database of a special size.
    var needsPrivateNode: Bool {
        switch self {
        case .overview, .load, .batch, .list, .open, .flood: false
        case .batching, .size, .memory, .pressure, .reports, .reconciliation, .console, .targets: true
        }
    }
}
