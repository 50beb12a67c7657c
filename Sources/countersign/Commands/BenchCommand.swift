import StrictJSON
import ArgumentParser
import HTTPFront

/// `countersign bench`
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Benchmarks a node and compares it with PostgreSQL alone.",
        discussion: """
            Starts a private PostgreSQL server and a node, seeds operators and charges, and runs a scenario:
            \(Scenario.allCases.map { "  \($0.rawValue): \($0.meaning)" }.joined(separator: "\n"))

            Each metric is the median of several runs, with the lowest and the highest value. The exit status is 1 \
            if the history does not grow by exactly one row for each item that was answered OK, or if a response \
            differs from the expected one. docs/benchmark.md explains each metric.

            With --url and --database the command measures a running service. The operators and charges that it \
            adds there remain.

            Example: countersign bench batch --seconds 10
            """)

    @Argument(help: "The scenario to run.")
    var scenario = Scenario.overview

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "The output format: text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        try options.validate(for: scenario)
    }

    func run() throws {
        Interruption.listen()
        let bench = try Bench(options)
        defer { bench.end() }
        let report = try bench.run(scenario)
        print(format == .json ? report.json.text : report.text)
    }
}
