import Benchmark
import ChargeStore
import Foundation
import Glibc
import LibPQ
import PrivatePostgreSQL

/// A yardstick's run by pgbench, on the database of a site.
struct PgbenchRun {
    let script: YardstickScript
    let clients: Int
    /// Charges a statement; 0 for a script that decides none.
    let rows: Int

    /// - Throws: `CommandFailure` with pgbench's last words.
    func figures(on site: BenchmarkSite, seconds: Double, settling measuring: Measuring) throws
        -> [Figure: Double]
    {
        try measuring.settle(site)
        let start = try Reading(of: site)
        let process = try launch(on: site, seconds: seconds)
        do {
            try Interruption.pause(until: start.moment + .seconds(seconds / 2))
        } catch {
            process.process.terminate()
            throw error
        }
        site.checkpoint()
        process.process.waitUntilExit()
        let end = try Reading(of: site)
        let text = (try? String(contentsOfFile: process.output, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(atPath: process.output)
        guard process.process.terminationStatus == 0, let output = PgbenchOutput(text) else {
            throw CommandFailure("pgbench failed: \(text.split(separator: "\n").last ?? "it said nothing")")
        }
        var figures = end.figures(since: start, charges: output.transactions * rows)
        figures[.callsPerSecond] = output.transactionsPerSecond
        if rows > 0 { figures[.chargesPerSecond] = output.transactionsPerSecond * Double(rows) }
        // pgbench is another process.
        figures[.generatorCPUSeconds] = nil
        return figures
    }

    private func launch(on site: BenchmarkSite, seconds: Double) throws -> (process: Process, output: String)
    {
        let one = site.operators[0]
        let variables: [(String, String)] = [
            ("operator", "\(site.identifiers[0].value)"), ("charges", "\(one.walk.chargeCount)"),
            ("start", "\(one.walk.nextCharge - 1)"), ("rows", "\(max(1, rows))"), ("clients", "\(clients)"),
            ("step", "0"), ("tag", "\(site.tag)\(UInt32.random(in: 0 ... .max))"),
            ("first_received_on", "\(site.firstReceivedOn.microsecondsSince2000 / 1_000_000 + 946_684_800)"),
        ]
        var parameters = try ConnectionParameters(parsing: site.database.owner)
        let password = parameters["password"]
        parameters["password"] = nil
        parameters["options"] = YardstickScript.sessionOptions
        let folder = FileManager.default.temporaryDirectory.path
        let name = folder + "/countersign-bench-\(getpid())"
        try script.text.write(toFile: name + ".sql", atomically: false, encoding: .utf8)
        FileManager.default.createFile(atPath: name + ".out", contents: nil)
        let process = Process()
        process.executableURL = URL(filePath: try Self.pgbench())
        process.arguments =
            [
                "--no-vacuum", "--protocol=prepared", "--file=\(name).sql", "--client=\(clients)", "--jobs=1",
                "--time=\(max(1, Int(seconds.rounded())))",
            ] + variables.map { "--define=\($0)=\($1)" } + [parameters.connectionString]
        var environment = ProcessInfo.processInfo.environment
        environment["PGPASSWORD"] = password ?? environment["PGPASSWORD"]
        process.environment = environment
        let output = FileHandle(forWritingAtPath: name + ".out")
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return (process, name + ".out")
    }

    private static func pgbench() throws -> String {
        let path = try ServerBinaries.locate().path("pgbench")
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CommandFailure("pgbench, which belongs to PostgreSQL, is not installed beside the server")
        }
        return path
    }
}
