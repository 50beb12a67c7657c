import StrictJSON
import Benchmark
import ChargeStore
import HTTPFront

/// The report of a benchmark.
struct BenchmarkReport {
    /// The measurements that were made together, in the order of the runs.
    struct Part {
        let title: String
        let summaries: [Summary]
        var targets: [Threshold] = []
        /// Further remarks for the reader.
        var notes: [String] = []
        /// The names of the stalls of calls, the one with the most calls first; `nil` if none were looked for.
        var stalls: [String]?

        /// What bounds the figures of the first summary: for tails the stalls with the most calls, for rates the work on
        /// the processors.
        func bound(processors: Int) -> String {
            if let stalls { return stalls.first ?? "no call took as long as a stall" }
            return summaries.first?.work(processors: processors) ?? ""
        }
    }

    let settings: [ServerSetting]
    let processors: Int
    let parts: [Part]

    var text: String {
        var blocks: [String] = []
        for part in parts {
            var lines = [Terminal.styled(part.title, .bold)]
            if !part.summaries.isEmpty { lines.append(Self.table(part.summaries).text) }
            lines += part.notes.map { Terminal.styled($0, .dim) }
            if let stalls = part.stalls {
                let title =
                    "calls of \(Decimals.text(SlowCall.milliseconds, 0)) ms and more: \(stalls.isEmpty ? "none" : "")"
                lines += ([title] + stalls.map { "  " + $0 }).map { Terminal.styled($0, .dim) }
            }
            blocks.append(lines.joined(separator: "\n"))
        }
        if parts.contains(where: { !$0.targets.isEmpty }) { blocks.append(targetTable) }
        let shownSettings = settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        blocks.append(Terminal.styled("\(processors) processors; \(shownSettings)", .dim))
        return blocks.joined(separator: "\n\n")
    }

    /// The table with a row for each figure and a column for each subject. A cell has the median and the spread.
    private static func table(_ summaries: [Summary]) -> Table {
        let metrics = BenchmarkMetric.allCases.filter { metric in summaries.contains { $0[metric] != nil } }
        let rows = metrics.map { metric in
            [metric.title]
                + summaries.map { summary in
                    guard let statistics = summary[metric] else { return "-" }
                    let median = metric.text(statistics.median)
                    guard summary.runCount > 1, statistics.lowest < statistics.highest else { return median }
                    return "\(median) (\(metric.text(statistics.lowest))–\(metric.text(statistics.highest)))"
                }
        }
        return Table(
            styles: [.cyan] + summaries.map { _ in nil }, rows: [[""] + summaries.map(\.name)] + rows)
    }

    /// The table of the targets, with what bounds each figure.
    private var targetTable: String {
        let rows = parts.flatMap { part in
            part.targets.map { target in
                [
                    target.name, target.measuredText, target.requiredText, target.isMet ? "met" : "NOT MET",
                    part.bound(processors: processors),
                ]
            }
        }
        return Table(
            styles: [.cyan, .bold, nil, nil, .dim],
            rows: [["", "measured", "required", "", "bounded by"]] + rows
        ).text
    }

    var json: JSONValue {
        .object([
            .init("processors", .number("\(processors)")),
            .init("database_settings", .object(settings.map { .init($0.name, .string($0.value)) })),
            .init("parts", .array(parts.map(json))),
        ])
    }

    private func json(_ part: Part) -> JSONValue {
        let measured = part.summaries.map { summary in
            let metrics = BenchmarkMetric.allCases.compactMap { metric in
                summary[metric].map { statistics in
                    JSONValue.Member(
                        metric.rawValue,
                        .object([
                            .init("median", Self.number(statistics.median)),
                            .init("lowest", Self.number(statistics.lowest)),
                            .init("highest", Self.number(statistics.highest)),
                        ]))
                }
            }
            return JSONValue.object([
                .init("name", .string(summary.name)), .init("runs", .number("\(summary.runCount)")),
                .init("figures", .object(metrics)),
            ])
        }
        let targets = part.targets.map { target in
            JSONValue.object([
                .init("name", .string(target.name)), .init("measured", Self.number(target.measured)),
                .init("required", .string(target.requiredText)), .init("met", .boolean(target.isMet)),
                .init("bounded_by", .string(part.bound(processors: processors))),
            ])
        }
        return .object([
            .init("title", .string(part.title)), .init("measured", .array(measured)),
            .init("targets", .array(targets)), .init("notes", .array(part.notes.map(JSONValue.string))),
            .init("stalls", part.stalls.map { .array($0.map(JSONValue.string)) } ?? .null),
        ])
    }

    private static func number(_ value: Double) -> JSONValue {
        value.isFinite ? .number("\((value * 1000).rounded() / 1000)") : .null
    }
}

/// A figure that is measured in a run.
enum BenchmarkMetric: String, CaseIterable {
    case callsPerSecond = "calls_per_second"
    case chargesPerSecond = "charges_per_second"
    case p50Milliseconds = "p50_milliseconds"
    case p99Milliseconds = "p99_milliseconds"
    case p999Milliseconds = "p99.9_milliseconds"
    case maximumMilliseconds = "max_milliseconds"
    case failedItemShare = "failed_item_share"
    case refusedCalls = "refused_calls"
    case unexpectedItems = "unexpected_items"
    case unsentCalls = "unsent_calls"
    case commitsPerSecond = "commits_per_second"
    case walBytesPerCharge = "wal_bytes_per_charge"
    case heapOnlyShare = "hot_share"
    case serviceCPUSeconds = "service_cpu_seconds"
    case databaseCPUSeconds = "database_cpu_seconds"
    case generatorCPUSeconds = "generator_cpu_seconds"
    case residentPeakMegabytes = "resident_peak_megabytes"
    case seconds = "seconds"

    /// The title of the figure for a person.
    var title: String {
        switch self {
        case .callsPerSecond: "calls/s"
        case .chargesPerSecond: "charges/s"
        case .p50Milliseconds: "p50 ms"
        case .p99Milliseconds: "p99 ms"
        case .p999Milliseconds: "p99.9 ms"
        case .maximumMilliseconds: "max ms"
        case .failedItemShare: "failed items"
        case .refusedCalls: "refused calls"
        case .unexpectedItems: "unexpected items"
        case .unsentCalls: "unsent calls"
        case .commitsPerSecond: "commits/s"
        case .walBytesPerCharge: "WAL bytes/charge"
        case .heapOnlyShare: "HOT updates"
        case .serviceCPUSeconds: "service CPU s"
        case .databaseCPUSeconds: "database CPU s"
        case .generatorCPUSeconds: "generator CPU s"
        case .residentPeakMegabytes: "node MB at peak"
        case .seconds: "measured s"
        }
    }

    /// A value with a sensible number of digits.
    func text(_ value: Double) -> String {
        switch self {
        case .failedItemShare, .heapOnlyShare: Decimals.text(value * 100, 1) + "%"
        case .p50Milliseconds, .p99Milliseconds, .p999Milliseconds, .maximumMilliseconds:
            Decimals.text(value, value < 100 ? 2 : 0)
        case .serviceCPUSeconds, .databaseCPUSeconds, .generatorCPUSeconds, .seconds,
            .residentPeakMegabytes:
            Decimals.text(value, 1)
        default: Decimals.text(value, 0)
        }
    }
}

/// A threshold that a figure must reach.
struct Threshold {
    enum Limit {
        case atLeast(Double)
        case atMost(Double)
    }

    let name: String
    let measured: Double
    let limit: Limit
    /// The unit after the numbers, for instance ` MB`.
    var unit = ""

    var isMet: Bool {
        switch limit {
        case .atLeast(let bound): measured >= bound
        case .atMost(let bound): measured <= bound
        }
    }

    var requiredText: String {
        switch limit {
        case .atLeast(let bound): "at least \(Decimals.text(bound, bound < 10 ? 2 : 0))\(unit)"
        case .atMost(let bound): "at most \(Decimals.text(bound, bound < 10 ? 2 : 0))\(unit)"
        }
    }

    var measuredText: String { Decimals.text(measured, measured < 10 ? 2 : 0) + unit }
}

/// The figures of several runs of one subject.
struct Summary {
    let name: String
    private let runs: [[BenchmarkMetric: Double]]

    init(name: String, runs: [[BenchmarkMetric: Double]]) {
        self.name = name
        self.runs = runs
    }

    var runCount: Int { runs.count }

    /// The median and the spread of a figure, or `nil` if it was not measured.
    subscript(_ metric: BenchmarkMetric) -> SummaryStatistics? {
        SummaryStatistics(runs.compactMap { $0[metric] })
    }

    /// How busy the processors were, and with whose work; `nil` if that was not measured.
    func work(processors: Int) -> String? {
        let seconds = median(.seconds) * Double(processors)
        let shares = [
            ("service", BenchmarkMetric.serviceCPUSeconds), ("database", .databaseCPUSeconds),
            ("load generator", .generatorCPUSeconds),
        ].compactMap { name, metric in self[metric].map { (name, $0.median / seconds * 100) } }
        guard seconds > 0, !shares.isEmpty else { return nil }
        let busy = Decimals.text(shares.reduce(0) { $0 + $1.1 }, 0)
        let parts = shares.map { "\($0) \(Decimals.text($1, 0))" }.joined(separator: ", ")
        return "processors \(busy)% busy (\(parts))"
    }

    /// The median of a figure. It is NaN, which meets no threshold, if the figure was not measured.
    func median(_ metric: BenchmarkMetric) -> Double { self[metric]?.median ?? .nan }
}

/// The formatting of numbers for people.
enum Decimals {
    /// The number rounded to that many places, with commas between thousands.
    static func text(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        var whole = String(scaled / scale)
        var place = whole.utf8.count - 3
        while place > 0 {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
            place -= 3
        }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + whole }
        let fraction = String(scaled % scale)
        return sign + whole + "." + String(repeating: "0", count: places - fraction.utf8.count) + fraction
    }
}
