import ArgumentParser
import Foundation
import Glibc
import Synchronization

/// The fault suite: a cluster under load, with faults, whose every answer is checked.
@main
struct Faults: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Runs a cluster under load with faults, and checks every answer.",
        discussion: """
            A run starts operators of its own on a cluster of processes (scripts/cluster), loads it, causes two faults \
            at a time, repairs everything, and checks the journal of all calls. The seed makes the load and the \
            schedule of the faults. docs/faults.md explains the promises and the results.
            """)

    @Option(help: "The seed. Without one a new seed is chosen and printed.")
    var seed: UInt64?
    @Option(name: .customLong("scenario"), help: "A scenario; may be repeated. The default is every one.")
    var scenarios: [String] = []
    @Option(help: "The seconds of faults in a run.")
    var seconds = 12
    @Option(help: "The number of runs of each scenario, with seeds that follow one another.")
    var runs = 1
    @Flag(help: "Runs the scenarios of a short check, in about four minutes.")
    var brief = false
    @Flag(help: "Runs the controls: sabotage that the checker must notice, and the same seed without it.")
    var controls = false
    @Option(
        help: "The part of the runs that this suite makes, as 2/3: the second of three suites side by side.")
    var share = Share(number: 1, count: 1)
    @Option(help: "A file of results. Runs that are in it are not made again.")
    var results: String?
    @Flag(help: "Prints results as JSON, an object a line.")
    var json = false
    @Flag(help: "Keeps the journals of all runs, not only of those that fail.")
    var keep = false
    @Flag(help: "Lists the scenarios and the controls.")
    var list = false

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        if list {
            say((Scenario.all.map(\.name) + Control.all.map(\.scenario.name)).joined(separator: "\n"))
            return
        }
        let chosen = try chosenScenarios()
        let first = seed ?? UInt64.random(in: 1...999_999_999)
        let environment = ProcessInfo.processInfo.environment
        let directory = environment["CLUSTER_DIRECTORY"] ?? "/var/tmp/countersign-faults-\(getpid())"
        let cluster = try Cluster(directory: directory, port: Int(environment["CLUSTER_PORT"] ?? "") ?? 19080)
        let interruption = Interruption()
        let suite = Suite(
            cluster: cluster, seconds: Double(seconds), results: results.map(ResultsFile.init(path:)),
            json: json, printsHeader: !json && share.number == 1, keepsAll: keep, interruption: interruption)
        let isGood: Bool
        do {
            isGood = try suite.run(
                share.part(of: (0..<runs).flatMap { run in chosen.map { ($0, first + UInt64(run)) } }))
        } catch {
            cluster.remove(keepingLogsIn: suite.failures + "/cluster")
            FileHandle.standardError.write(Data("faults: \(error); the logs are in \(suite.failures)\n".utf8))
            throw ExitCode(1)
        }
        cluster.remove()
        if interruption.isSet || !isGood { throw ExitCode(1) }
    }

    private func chosenScenarios() throws -> [Scenario] {
        if controls { return Control.all.flatMap { [$0.scenario, $0.without] } }
        let names = brief ? Scenario.brief : scenarios
        guard !names.isEmpty else { return Scenario.all }
        return try names.map { name in
            guard let scenario = Scenario.named(name) else {
                throw ValidationError("There is no scenario \(name); --list shows them.")
            }
            return scenario
        }
    }
}

/// The part of the runs that one of several suites makes.
struct Share: ExpressibleByArgument {
    /// From 1 to `count`.
    let number: Int
    let count: Int

    var defaultValueDescription: String { "\(number)/\(count)" }

    init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    init?(argument: String) {
        let parts = argument.split(separator: "/").map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1],
            (1...max(1, count)).contains(number)
        else { return nil }
        self.init(number: number, count: count)
    }

    /// Every `count`-th run.
    func part<Run>(of runs: [Run]) -> [Run] {
        runs.enumerated().filter { $0.offset % count == number - 1 }.map(\.element)
    }
}

/// The wish of a person, or of a system, to end the suite early. Everything is then stopped as at its end.
final class Interruption: Sendable {
    private let flag = SharedFlag()
    private let sources: Mutex<[any DispatchSourceSignal]>

    init() {
        let flag = flag
        sources = Mutex(
            [SIGINT, SIGTERM, SIGHUP].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { flag.set() }
                source.resume()
                return source
            })
    }

    var isSet: Bool { flag.isSet }
}
