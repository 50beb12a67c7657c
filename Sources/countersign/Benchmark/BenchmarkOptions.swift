import ArgumentParser
import Benchmark

/// What `countersign bench` is told.
struct BenchmarkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A service that runs already, http://HOST:PORT, with --database; else a private one is started.",
            valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "The database of --url, as a login that may add operators and charges.", valueName: "connection"))
    var database: String?

    @Option(help: ArgumentHelp("Where the private database is kept while it runs.", valueName: "folder"))
    var directory = "/var/tmp/countersign-bench"

    @Option(
        help: ArgumentHelp(
            "A setting of the private PostgreSQL, NAME=VALUE; may be given several times.",
            valueName: "setting"))
    var postgresql: [String] = []

    @Option(
        help: ArgumentHelp(
            "A further argument of the private node's serve, for instance --node=--connections=4; may be given several times.",
            valueName: "argument"))
    var node: [String] = []

    @Flag(help: "Measure a private node that does not batch calls.")
    var noBatching = false

    @Option(help: ArgumentHelp("How many charges are stored.", valueName: "count"))
    var charges = 1_000_000

    @Option(help: ArgumentHelp("How many charges the large database of 'size' has.", valueName: "count"))
    var largeCharges = 10_000_000

    @Option(help: ArgumentHelp("How many operators the calls are spread over.", valueName: "count"))
    var operators = 1

    @Option(help: ArgumentHelp("How many connections a load has.", valueName: "count"))
    var connections = 64

    @Option(help: ArgumentHelp("Charges a call, for 'load': 1 to 50.", valueName: "count"))
    var items = 1

    @Option(help: "Which items are to fail, for 'load': none, tenth or all.")
    var failing = FailureRate.none

    @Option(
        help: ArgumentHelp("Calls a second, for 'load' in open loop; else closed loop.", valueName: "count"))
    var rate: Double?

    @Option(help: ArgumentHelp("Calls a second of the operator that 'flood' watches.", valueName: "count"))
    var watchedRate = 50.0

    @Option(help: ArgumentHelp("Connections of the operator that floods.", valueName: "count"))
    var floodConnections = 128

    @Option(help: ArgumentHelp("How long each run is measured.", valueName: "seconds"))
    var seconds = 5.0

    @Option(help: ArgumentHelp("How long each run goes before it is measured.", valueName: "seconds"))
    var warmUpSeconds = 1.0

    @Option(help: ArgumentHelp("How often each is run.", valueName: "count"))
    var runs = 3

    @Option(help: ArgumentHelp("How long 'memory' runs.", valueName: "seconds"))
    var memorySeconds = 600.0

    @Flag(help: "Everything once, for an instant and on little: does it work, do its counts agree?")
    var smoke = false

    func validate() throws {
        guard (url == nil) == (database == nil) else {
            throw ValidationError("--url and --database come together.")
        }
        if let url, HTTPTarget(url: url) == nil {
            throw ValidationError("--url is http://HOST, with a port and a path if need be.")
        }
        guard url == nil || (node.isEmpty && postgresql.isEmpty && !noBatching) else {
            throw ValidationError("--node, --no-batching and --postgresql are for a private node.")
        }
        guard postgresql.allSatisfy({ $0.contains("=") }) else {
            throw ValidationError("--postgresql takes NAME=VALUE.")
        }
        for (name, value, bounds) in [
            ("--charges", charges, 2000...90_000_000),
            ("--large-charges", largeCharges, 100_000...90_000_000),
            ("--operators", operators, 1...100), ("--connections", connections, 1...1024),
            ("--items", items, 1...50), ("--flood-connections", floodConnections, 1...1024),
            ("--runs", runs, 1...99),
        ] where !bounds.contains(value) {
            throw ValidationError("\(name) is \(bounds.lowerBound) to \(bounds.upperBound).")
        }
        for (name, value, bounds) in [
            ("--seconds", seconds, 0.1...86_400), ("--warm-up-seconds", warmUpSeconds, 0...3600),
            ("--memory-seconds", memorySeconds, 1...864_000),
            ("--rate", rate ?? 1, 0.1...1_000_000), ("--watched-rate", watchedRate, 0.1...1_000_000),
        ] where !bounds.contains(value) {
            let least = bounds.lowerBound == 0 ? "0" : Decimals.text(bounds.lowerBound, 1)
            throw ValidationError("\(name) is \(least) to \(Decimals.text(bounds.upperBound, 0)).")
        }
    }

    /// As `--smoke` wants it.
    var reduced: BenchmarkOptions {
        guard smoke else { return self }
        var reduced = self
        reduced.charges = 6000
        reduced.operators = 3
        reduced.connections = min(connections, 8)
        reduced.floodConnections = 8
        reduced.seconds = 0.5
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
    /// What a scenario asks of the options.
    func validate(for scenario: Scenario) throws {
        if smoke { return }
        guard url == nil || !scenario.needsPrivateNode else {
            throw ValidationError("'\(scenario)' needs a private node: leave out --url and --database.")
        }
        for part in scenario == .targets ? Scenario.withTargets : [scenario] {
            // Whoever is asked to decide a charge anew must have answered for the time before, however late he is.
            let needed = max(2000, 4 * chargesNamedAtATime(by: part)) * operators
            let fixed = Self.fixedCharges(of: part)
            guard fixed ?? charges < needed else { continue }
            let change =
                fixed == nil ? "--charges is at least \(needed)" : "take fewer --operators or --connections"
            throw ValidationError("'\(part)' has too few charges for what it names at a time: \(change).")
        }
    }

    /// How many there are for calls where it is not for `--charges` to say.
    private static func fixedCharges(of scenario: Scenario) -> Int? {
        switch scenario {
        case .size: Bench.smallCharges
        case .reports: Bench.acceptedCharges
        default: nil
        }
    }

    /// Of one operator.
    private func chargesNamedAtATime(by scenario: Scenario) -> Int {
        let calls = (connections + operators - 1) / operators
        return switch scenario {
        case .load: calls * items
        case .overview, .memory: calls * Bench.batchItems
        case .batch: max(calls * Bench.batchItems, Bench.yardstickCharges)
        case .flood: floodConnections * Bench.batchItems
        case .list, .open, .batching, .size, .reports, .targets: calls
        }
    }
}

/// What can be measured.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    case overview, load, batch, list, open, flood, batching, size, memory, reports, targets

    /// For `--help`.
    var meaning: String {
        switch self {
        case .overview: "1 and 50 charges a call in closed loop, and a lone call"
        case .load: "one load of your own: --items, --failing, --operators, --rate"
        case .batch: "50 charges a call against pgbench's yardsticks and the service's own statement"
        case .list: "lists of 50 against pgbench on the same SELECT"
        case .open: "open loop at half the highest rate, against a lone call"
        case .flood: "an operator's single calls with and without another one's flood"
        case .batching: "1 charge a call, with batching and without"
        case .size: "1 charge a call on 100 thousand charges and on --large-charges"
        case .memory: "a node's resident memory over --memory-seconds"
        case .reports:
            "every report on --large-charges, and calls at a quarter of their highest rate beside them"
        case .targets: "all from batch to size, and whether each reaches what is asked of it"
        }
    }

    /// What `targets` consists of.
    static let withTargets: [Scenario] = [.batch, .list, .open, .flood, .batching, .size]

    /// Whether it stops and starts the node, looks into it, or needs a database of a size of its own.
    var needsPrivateNode: Bool {
        switch self {
        case .overview, .load, .batch, .list, .open, .flood: false
        case .batching, .size, .memory, .reports, .targets: true
        }
    }
}
