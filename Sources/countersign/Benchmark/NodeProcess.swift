import Benchmark
import Foundation
import Glibc
import PrivatePostgreSQL

/// A node of this very executable, as a process of its own: so its CPU and memory are told apart from the load's.
final class NodeProcess {
    let target: HTTPTarget
    private let process: Process
    private let logFile: String
    /// No more of the node's log is kept, in bytes.
    private static let maximumLogBytes: off_t = 16 * 1024 * 1024

    /// Starts a node and returns when it is ready.
    ///
    /// - Parameters:
    ///   - directory: Where its log is written.
    ///   - arguments: Further ones of `serve`.
    /// - Throws: `CommandFailure` with the node's last words if it ends.
    init(database: String, directory: String, arguments: [String], on loop: LoadLoop) throws {
        target = HTTPTarget(host: "127.0.0.1", port: Self.freePort())
        logFile = directory + "/node-\(target.port).log"
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        // Appending, so that it can be cut off while the node writes.
        let descriptor = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("the file \(logFile) cannot be written") }
        process = try ChildProcess.launch(
            [
                "setpriv", "--pdeathsig", "TERM", executable, "serve", "--database", database,
                "--host", target.host, "--port", "\(target.port)", "--internal-port", "\(Self.freePort())",
            ] + arguments,
            workingDirectory: "/", log: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
        try awaitReadiness(on: loop)
    }

    var identifier: Int32 { process.processIdentifier }

    /// Keeps the log from filling the disk.
    func cutLog() {
        var status = stat()
        if stat(logFile, &status) == 0, status.st_size > Self.maximumLogBytes { truncate(logFile, 0) }
    }

    /// Stops it, and returns when it has stopped.
    func end() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        unlink(logFile)
    }

    private func awaitReadiness(on loop: LoadLoop) throws {
        let request = "GET /readyz HTTP/1.1\r\nHost: \(target.host)\r\nContent-Length: 0\r\n\r\n"
        let deadline = ContinuousClock.now + .seconds(60)
        while process.isRunning, ContinuousClock.now < deadline {
            if let answer = try? HTTPCall.make(request, to: target, on: loop), answer.status == 200 { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        let log = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
        end()
        throw CommandFailure("the node did not start: \(log.split(separator: "\n").last ?? "it said nothing")")
    }

    /// A port of 127.0.0.1 that nobody listens on just now.
    private static func freePort() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = getsockname(descriptor, address, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
