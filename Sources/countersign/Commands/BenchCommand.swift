import StrictJSON
import ArgumentParser
import HTTPFront

/// `countersign bench`
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures a node, and PostgreSQL without one beside it.",
        discussion: """
            Starts a private PostgreSQL and a node, seeds operators and charges, and measures:
            \(Scenario.allCases.map { "  \($0.rawValue): \($0.meaning)" }.joined(separator: "\n"))

            Each figure is the median of several runs, with the lowest and the highest. The exit status is 1 if \
            the history has not exactly one row more for each item that was answered OK, or answers are not what \
            was asked for. docs/benchmark.md says what each figure means.

            With --url and --database it measures a service that runs already; the operators and charges that it \
            adds there stay.

            Example: countersign bench batch --seconds 10
            """)

    @Argument(help: "What to measure.")
    var scenario = Scenario.overview

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "text or json.")
    var format: ChargesShowCommand.Format = .text

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
