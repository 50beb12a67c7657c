import EmbeddedPostgres
import Foundation
import Synchronization
import TestSupport
import Testing

/// The executable that the build made, run as its users run it.
enum Program {
    /// The folder in which the build put the executable: beside the tests.
    static let folder: String = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = URL(filePath: CommandLine.arguments[0], directoryHint: .notDirectory)
        if !FileManager.default.isExecutableFile(
            atPath: folder.deletingLastPathComponent().path + "/countersign"), let tests
        {
            folder = URL(filePath: tests, directoryHint: .notDirectory)
        }
        return folder.deletingLastPathComponent().path
    }()

    /// The result of a run.
    struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    /// Runs a command of `countersign` to its end.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], input: String = "",
        in directory: String = "/tmp"
    ) async throws -> Result {
        try await run(
            executable: folder + "/countersign", arguments, environment: environment, input: input,
            in: directory)
    }

    /// Runs a bash script to its end, with `countersign` on its path.
    static func bash(
        _ script: String, environment: [String: String] = [:], in directory: String, input: String = ""
    ) async throws -> Result {
        try await run(
            executable: "/bin/bash", ["-e", "-o", "pipefail", "-c", script], environment: environment,
            input: input,
            in: directory)
    }

    /// Adds the user `demo` of ACME, with whom `Client.login` logs in, to a test's database.
    static func addDemoUser(to database: TestDatabase) async throws {
        let added = try await bash(
            "echo demo | countersign user add --allow-short --operator ACME --username demo",
            environment: ["DATABASE_URL": database.administrationConnectionString], in: "/tmp")
        #expect(added.status == 0, "\(added.error)")
    }

    /// Makes a process that is ready to run, with nothing of this one's environment but the path.
    static func process(
        executable: String, _ arguments: [String], environment: [String: String], in directory: String
    ) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        let path = folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = ["PATH": path, "HOME": "/tmp"].merging(environment) { $1 }
        process.currentDirectoryURL = URL(filePath: directory)
        return process
    }

    /// Runs an executable to its end.
    static func run(
        executable: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        in directory: String
    ) async throws -> Result {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The outputs are files, not pipes: nothing has to read while the program writes.
        func file(_ name: String, _ contents: String = "") throws -> FileHandle {
            try contents.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
            return try FileHandle(forUpdating: URL(filePath: folder + "/" + name))
        }
        let process = process(executable: executable, arguments, environment: environment, in: directory)
        process.standardInput = try file("input", input)
        process.standardOutput = try file("output")
        process.standardError = try file("error")
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try ChildProcess.starting { try process.run() }
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOfFile: folder + "/output", encoding: .utf8),
            error: try String(contentsOfFile: folder + "/error", encoding: .utf8))
    }
}
