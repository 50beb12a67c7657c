import Dispatch
package import Foundation
import Glibc
import Synchronization

/// Child processes that are started without a shell.
package enum ChildProcess {
    private static let start = NSLock()

    /// Runs a body that starts a process, while no other body does.
    ///
    /// `Process` closes in a child the descriptors that it sees open. It does not see one that another start opens a moment
    /// later. The child would keep that one open for as long as it runs, and the other process' end would go unnoticed.
    package static func starting<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure)
        -> Value
    {
        start.lock()
        defer { start.unlock() }
        return try body()
    }

    /// Runs a program to its end.
    ///
    /// - Returns: Whether the program succeeded, and its whole output.
    static func run(_ arguments: [String], workingDirectory: String) throws(EmbeddedPostgresError) -> (
        succeeded: Bool, output: String
    ) {
        let (process, output) = make(arguments, workingDirectory: workingDirectory)
        let pipe = try starting { () throws(EmbeddedPostgresError) in
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = pipe
            try run(process, output)
            return pipe
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus == 0, String(decoding: data, as: UTF8.self))
    }

    /// Starts a program in the background and writes its output to a file.
    ///
    /// The program is started by a thread that lives as long as the program. Linux sends the parent death signal when
    /// the thread that started the child ends (prctl(2), PR_SET_PDEATHSIG).
    package static func launch(_ arguments: [String], workingDirectory: String, log: FileHandle)
        throws(EmbeddedPostgresError) -> Process
    {
        let (process, name) = make(arguments, workingDirectory: workingDirectory)
        process.standardOutput = log
        process.standardError = log
        let started = DispatchSemaphore(value: 0)
        let failure = Mutex<EmbeddedPostgresError?>(nil)
        Thread.detachNewThread {
            do throws(EmbeddedPostgresError) {
                try starting { () throws(EmbeddedPostgresError) in try run(process, name) }
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
        // Variables that are set for other servers must not reach this one.
        for name in environment.keys where name.hasPrefix("PG") { environment[name] = nil }
        environment["LC_ALL"] = "C.UTF-8"
        process.environment = environment
        return (process, arguments.first ?? "")
    }

    private static func run(_ process: Process, _ name: String) throws(EmbeddedPostgresError) {
        do {
            try process.run()
        } catch {
            throw EmbeddedPostgresError("\(name) could not be started")
        }
    }
}

/// The programs of the installed PostgreSQL.
package struct ServerBinaries: Sendable {
    let directory: String

    /// Searches `PG_BINDIR`, Debian's folders with the latest version first, and `PATH`.
    ///
    /// - Throws: If no PostgreSQL server is installed.
    package static func locate() throws(EmbeddedPostgresError) -> ServerBinaries {
        let environment = ProcessInfo.processInfo.environment
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? [])
            .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
        let candidates =
            [environment["PG_BINDIR"]].compactMap(\.self) + versions.map { "\(debian)/\($0)/bin" }
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for directory in candidates
        where ["initdb", "postgres"].allSatisfy({
            FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)")
        }) {
            return ServerBinaries(directory: directory)
        }
        throw EmbeddedPostgresError(
            "no PostgreSQL server is installed; install it (apt-get install postgresql), or set PG_BINDIR to the "
                + "folder of initdb")
    }

    /// Whether the server has a library, for `shared_preload_libraries`. Debian and builds from source have it beside the
    /// programs.
    package func hasLibrary(_ name: String) -> Bool {
        ["lib", "lib/postgresql"].contains {
            FileManager.default.fileExists(atPath: "\(directory)/../\($0)/\(name).so")
        }
    }

    /// The path of a program.
    package func path(_ program: String) -> String { "\(directory)/\(program)" }
}

/// The user as whom the server runs if root starts it. PostgreSQL refuses to run as root.
struct UnprivilegedUser: Sendable {
    let name: String
    let userIdentifier: uid_t
    let groupIdentifier: gid_t

    /// The user `postgres` if it exists, or else `nobody`; `nil` if the current user is not root.
    static var forRoot: UnprivilegedUser? {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            guard let entry = getpwnam(name) else { continue }
            return UnprivilegedUser(
                name: name, userIdentifier: entry.pointee.pw_uid, groupIdentifier: entry.pointee.pw_gid)
        }
        return nil
    }

    /// Makes this user the owner of a folder.
    func own(_ path: String) {
        chown(path, userIdentifier, groupIdentifier)
    }

    /// The arguments before a program that run it as this user.
    var prefix: [String] {
        ["setpriv", "--reuid=\(userIdentifier)", "--regid=\(groupIdentifier)", "--clear-groups"]
    }
}
