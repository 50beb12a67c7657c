import Dispatch
package import Foundation
import Synchronization

/// Programs run by path, without a shell.
package enum ChildProcess {
    /// Runs a program to its end.
    ///
    /// - Returns: Whether it ended well, and all that it printed.
    static func run(_ arguments: [String], workingDirectory: String) throws(PrivatePostgreSQLError) -> (
        succeeded: Bool, output: String
    ) {
        let (process, output) = make(arguments, workingDirectory: workingDirectory)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try start(process, output)
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus == 0, String(decoding: data, as: UTF8.self))
    }

    /// Starts a program that goes on, its output written to a file.
    ///
    /// It is started by a thread that lives as long as it does: Linux tells a child of its parent's death when
    /// the thread that made it ends (prctl(2), PR_SET_PDEATHSIG).
    package static func launch(_ arguments: [String], workingDirectory: String, log: FileHandle)
        throws(PrivatePostgreSQLError) -> Process
    {
        let (process, name) = make(arguments, workingDirectory: workingDirectory)
        process.standardOutput = log
        process.standardError = log
        let started = DispatchSemaphore(value: 0)
        let failure = Mutex<PrivatePostgreSQLError?>(nil)
        Thread.detachNewThread {
            do throws(PrivatePostgreSQLError) {
                try start(process, name)
            } catch {
                failure.withLock { $0 = error }
            }
            started.signal()
            if process.isRunning { process.waitUntilExit() }
        }
        started.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
        return process
    }

    private static func make(_ arguments: [String], workingDirectory: String) -> (Process, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: workingDirectory)
        process.standardInput = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        // What is set for other servers must not reach this one.
        for name in environment.keys where name.hasPrefix("PG") { environment[name] = nil }
        environment["LC_ALL"] = "C.UTF-8"
        process.environment = environment
        return (process, arguments.first ?? "")
    }

    private static func start(_ process: Process, _ name: String) throws(PrivatePostgreSQLError) {
        do {
            try process.run()
        } catch {
            throw PrivatePostgreSQLError("\(name) could not be started")
        }
    }
}
