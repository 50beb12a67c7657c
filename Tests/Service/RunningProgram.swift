import TestSupport
import EmbeddedPostgres
import Foundation
import Synchronization

/// A run of the executable that continues until a signal stops it.
final class RunningProgram: Sendable {
    private let process: Mutex<Process>
    private let identifier: Int32
    private let lines: AsyncStream<String>
    private let ended: AsyncStream<Int32>
    private let seen = Mutex<[String]>([])

    /// Starts `countersign`, and reads both outputs line by line.
    convenience init(
        _ arguments: String..., environment: [String: String] = [:], in directory: String = "/tmp"
    ) throws {
        try self.init(
            Program.process(
                executable: Program.folder + "/countersign", arguments,
                environment: Self.patient(environment), in: directory))
    }

    /// Starts a bash script that becomes `countersign` by `exec`.
    convenience init(shell script: String, environment: [String: String] = [:]) throws {
        try self.init(
            Program.process(
                executable: "/bin/bash", ["-e", "-c", script], environment: Self.patient(environment),
                in: "/tmp"))
    }

    /// The environment, in which a call has half a minute unless the test gives it another time: on a busy machine the ten
    /// seconds of a real node are not enough for every call.
    private static func patient(_ environment: [String: String]) -> [String: String] {
        environment.merging(["COUNTERSIGN_CALL_TIMEOUT_MILLISECONDS": "30000"]) { given, _ in given }
    }

    private init(_ process: Process) throws {
        process.standardInput = FileHandle.nullDevice
        let (lines, said) = AsyncStream.makeStream(of: String.self)
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = {
            end.yield($0.terminationStatus)
            end.finish()
        }
        let pipe = try ChildProcess.starting {
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = pipe
            try process.run()
            return pipe
        }
        identifier = process.processIdentifier
        self.lines = lines
        self.ended = ended
        self.process = Mutex(process)
        let reading = pipe.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let bytes = reading.availableData
                guard !bytes.isEmpty else { break }
                rest += bytes
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    said.yield(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                    rest = Data(rest[(end + 1)...])
                }
            }
            said.finish()
        }
    }

    /// Waits for a line that contains a text.
    ///
    /// - Throws: `Ended`, with the whole output, if the program ends without having written it.
    @discardableResult
    func line(with text: String) async throws -> String {
        for await line in lines {
            seen.withLock { $0.append(line) }
            if line.contains(text) { return line }
        }
        throw Ended(said: seen.withLock { $0 })
    }

    /// Waits until a line that contains a text has been written, by now or later.
    func hasWritten(_ text: String) async throws {
        guard !seen.withLock({ $0.contains { $0.contains(text) } }) else { return }
        try await line(with: text)
    }

    /// The ports on which `serve` listens, the operators' and the internal one, once it has written both.
    func ports() async throws -> (operators: Int, internals: Int) {
        var ports: [String: Int] = [:]
        while ports["operators"] == nil || ports["internal"] == nil {
            let line = try await line(with: "listening on")
            let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            if let side = fields?["side"] as? String, let port = fields?["port"] as? Int {
                ports[side] = port
            }
        }
        return (ports["operators"] ?? 0, ports["internal"] ?? 0)
    }

    /// Freezes the program, and returns when each of its threads has stopped: on a busy machine they run for some
    /// milliseconds after the signal.
    func freeze() async throws {
        signal(SIGSTOP)
        let threads = "/proc/\(identifier)/task"
        try await wait(until: {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: threads)) ?? []
            return names.allSatisfy { thread in
                // A thread that has ended meanwhile has stopped too.
                guard let status = try? String(contentsOfFile: "\(threads)/\(thread)/stat", encoding: .utf8)
                else { return true }
                return status.split(separator: ")").last?.hasPrefix(" T") == true
            }
        })
    }

    /// Sends a signal.
    func signal(_ signal: Int32) {
        kill(identifier, signal)
    }

    /// Sends a signal and waits for the end.
    ///
    /// - Returns: The exit status.
    func end(_ signal: Int32 = SIGTERM) async -> Int32 {
        kill(identifier, signal)
        for await status in ended { return status }
        return -1
    }

    deinit {
        if process.withLock({ $0.isRunning }) { kill(identifier, SIGKILL) }
    }

    /// The error of a program that ended too soon.
    struct Ended: Error {
        let said: [String]
    }
}
