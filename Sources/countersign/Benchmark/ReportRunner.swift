import ChargeStore
import EmbeddedPostgres
import Foundation

/// The runner of reports. It runs them one after another by `countersign report`, as a DBA does.
final class ReportRunner {
    /// The names of all reports, without those that need an extension of PostgreSQL.
    static let names = Report.all.filter { $0.requiredExtension == nil }.map(\.name)

    private let database: String
    private let first: Int
    private var process: Process?
    private var ended = 0

    /// - Parameter first: The index of the name with which `goOn` begins.
    init(database: String, first: Int = 0) {
        self.database = database
        self.first = first
    }

    /// Runs one report to its end.
    ///
    /// - Returns: The seconds that it took.
    func run(_ name: String) throws -> Double {
        let begun = ContinuousClock.now
        let process = try start(name)
        defer { if process.isRunning { process.terminate() } }
        while process.isRunning { try Interruption.pause(until: .now + .milliseconds(5)) }
        guard process.terminationStatus == 0 else { throw CommandFailure("the report \(name) failed") }
        return (ContinuousClock.now - begun) / .seconds(1)
    }

    /// Starts the next report if the last one has ended. Call it repeatedly.
    func goOn() throws {
        if let process {
            if process.isRunning { return }
            guard process.terminationStatus == 0 else { throw CommandFailure("a report failed") }
            ended += 1
        }
        process = try start(Self.names[(first + ended) % Self.names.count])
    }

    /// Stops the report in progress.
    ///
    /// - Returns: The number of completed reports.
    func stop() -> Int {
        process?.terminate()
        process?.waitUntilExit()
        process = nil
        return ended
    }

    private func start(_ name: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = ["report", name, "--format", "csv"]
        process.environment = ProcessInfo.processInfo.environment.merging(["DATABASE_URL": database]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try ChildProcess.starting { try process.run() }
        return process
    }
}
