import StrictJSON
import Benchmark
import Foundation
import HTTPFront
import EmbeddedPostgres

/// A node in its own process of this executable, so that its CPU time and memory are measured apart from the load's.
final class NodeProcess {
    private(set) var target = HTTPTarget(host: "127.0.0.1", port: 0)
    private let process: Process
    private let logFile: String

    /// The time to wait for the node's end. A node needs at most its call timeout and 10 s (docs/operations.md).
    private static let patience = Duration.seconds(60)

    /// Starts a node and returns when it is ready.
    ///
    /// - Parameters:
    ///   - folder: The folder of its log.
    ///   - arguments: Further arguments of `serve`.
    /// - Throws: `CommandFailure` with the node's last log line if it ends.
    init(database: String, folder: TemporaryFolder, arguments: [String], on loop: LoadLoop) throws {
        // The scenario 'size' runs two nodes at a time.
        logFile = folder.path + "/node-\(UUID().uuidString).log"
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        try "".write(toFile: logFile, atomically: false, encoding: .utf8)
        process = try ChildProcess.launch(
            [
                "setpriv", "--pdeathsig", "TERM", executable, "serve", "--database", database,
                "--host", target.host, "--port", "0", "--internal-port", "0", "--log-format", "json",
                "--slow-batch-milliseconds", "\(Int(NodeLog.slowMilliseconds))",
            ] + arguments,
            workingDirectory: "/", log: FileHandle(forWritingTo: URL(filePath: logFile)))
        try awaitReadiness(on: loop)
    }

    var identifier: Int32 { process.processIdentifier }

    /// Stops the node and returns when it has ended. A node that does not end in time is killed.
    func end() {
        if process.isRunning { process.terminate() }
        let deadline = ContinuousClock.now + Self.patience
        while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.02) }
        if process.isRunning { kill(identifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: logFile)
    }

    private func awaitReadiness(on loop: LoadLoop) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while process.isRunning, ContinuousClock.now < deadline {
            if let port { target = HTTPTarget(host: target.host, port: port) }
            let request = "GET /readyz HTTP/1.1\r\nHost: \(target.host)\r\nContent-Length: 0\r\n\r\n"
            if target.port > 0, let answer = try? HTTPCall.make(request, to: target, on: loop),
                answer.status == 200
            {
                return
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        let lastWord = lastWord
        end()
        throw CommandFailure("the node did not start: \(lastWord)")
    }

    /// Checks that the node is running.
    ///
    /// - Throws: `CommandFailure` if it has ended.
    func requireRunning() throws {
        guard !process.isRunning else { return }
        let end = process.terminationReason == .uncaughtSignal ? "by signal" : "with status"
        throw CommandFailure("the node ended \(end) \(process.terminationStatus): \(lastWord)")
    }

    /// The last log line that may explain the node's end. Lines of level info describe calls and are skipped.
    private var lastWord: Substring { log.last { !$0.contains("\"level\":\"info\"") } ?? "it logged nothing" }

    private var log: [Substring] {
        ((try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "").split(separator: "\n")
    }

    /// What the node has logged as slow.
    var slowLog: NodeLog { NodeLog(log) }

    /// The operators' port, once the node has logged it.
    private var port: Int? {
        for line in log {
            guard let fields = try? JSONReader.read(Array(line.utf8)),
                case .string("operators")? = fields["side"]
            else { continue }
            switch fields["port"] {
            case .string(let text), .number(let text): return Int(text)
            default: continue
            }
        }
        return nil
    }
}
