import Foundation
import Glibc
import Synchronization

/// A private PostgreSQL server that runs the installed programs, for `countersign dev`, benchmarks and tests.
///
/// It listens on a Unix socket in a folder that only its own user can enter. It listens on a port only if one is
/// configured. If root starts it, it runs as `postgres` or as `nobody`. Its methods block. Any thread may call them,
/// one at a time.
package final class EmbeddedPostgres: Sendable {
    /// The configuration of the server.
    package struct Configuration: Sendable {
        /// The folder of the server. It is created if it does not exist.
        package var directory: String
        /// Settings of postgresql.conf.
        package var settings: [String: String] = [:]
        /// A port of 127.0.0.1 on which the server also listens, without passwords, for tests that need a network.
        package var loopbackPort: Int?
        /// Whether the server ends when the process that started it dies.
        package var endsWithParent = false

        package init(directory: String) {
            self.directory = directory
        }
    }

    private let configuration: Configuration
    private let binaries: ServerBinaries
    private let user = UnprivilegedUser.forRoot
    private let process = Mutex<Process?>(nil)

    /// Prepares a server without starting it.
    ///
    /// - Throws: If no PostgreSQL server is installed.
    package init(_ configuration: Configuration) throws(EmbeddedPostgresError) {
        self.configuration = configuration
        binaries = try ServerBinaries.locate()
    }

    /// The folder of the server's socket, which is libpq's `host`.
    package var socketDirectory: String {
        // The path of a socket has at most 107 bytes. The socket of a longer folder is in a short folder.
        let beside = "\(configuration.directory)/socket"
        guard beside.utf8.count > 80 else { return beside }
        return "/tmp/countersign-\(Self.shortName(of: configuration.directory))"
    }

    /// The port. It is also part of the socket's name.
    package var port: Int { configuration.loopbackPort ?? 5432 }

    /// The server's log.
    package var logFile: String { "\(configuration.directory)/server.log" }

    private var dataDirectory: String { "\(configuration.directory)/data" }

    /// The connection parameters, by libpq's keywords, for a database of this server.
    package func connectionParameters(database: String, user: String = "postgres") -> [String: String] {
        ["host": socketDirectory, "port": "\(port)", "dbname": database, "user": user]
    }

    /// Whether the server's data exist.
    package var isInitialized: Bool { FileManager.default.fileExists(atPath: "\(dataDirectory)/PG_VERSION") }

    /// Starts the server and returns when it accepts connections. Missing data are created first. A server that a
    /// killed process left running on the same data is stopped first.
    package func start() throws(EmbeddedPostgresError) {
        try makeDirectories()
        if !isInitialized { try initialize() }
        try refuseIfInUse()
        endLeftover()
        let log = try emptyLog()
        var arguments = (user?.prefix ?? ["setpriv"])
        if configuration.endsWithParent { arguments += ["--pdeathsig", "QUIT"] }
        if arguments == ["setpriv"] { arguments = [] }
        arguments += [binaries.path("postgres"), "-D", dataDirectory]
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            arguments += ["-c", "\(name)=\(value)"]
        }
        let started = try ChildProcess.launch(arguments, workingDirectory: configuration.directory, log: log)
        process.withLock { $0 = started }
        try awaitReadiness(started)
    }

    /// Stops the server: it disconnects clients and makes a checkpoint. Does nothing if the server is not running.
    package func stop() {
        end(with: SIGINT)
    }

    /// Kills the server as a power failure would: the postmaster and all of its processes.
    package func kill() {
        end(with: SIGKILL)
        endLeftover()
    }

    /// The process id of the postmaster.
    package var processIdentifier: Int32? { process.withLock { $0?.processIdentifier } }

    // MARK: Parts

    private var settings: [String: String] {
        var settings = configuration.settings
        settings["listen_addresses"] = configuration.loopbackPort == nil ? "" : "127.0.0.1"
        settings["port"] = "\(port)"
        settings["unix_socket_directories"] = socketDirectory
        return settings
    }

    private func makeDirectories() throws(EmbeddedPostgresError) {
        for path in [configuration.directory, socketDirectory] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw EmbeddedPostgresError("the folder \(path) cannot be created")
            }
            user?.own(path)
        }
        guard let user else { return }
        let entered = try ChildProcess.run(
            user.prefix + ["test", "-x", configuration.directory], workingDirectory: "/")
        guard entered.succeeded else {
            throw EmbeddedPostgresError(
                "PostgreSQL must run as user \(user.name), who cannot enter \(configuration.directory); "
                    + "use a folder that every user can enter")
        }
    }

    /// Opens the log, empty. Statements with their values may come into it, so only its owner may read it.
    private func emptyLog() throws(EmbeddedPostgresError) -> FileHandle {
        let descriptor = open(logFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        // A file of an earlier start keeps the mode that it had.
        guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 else {
            throw EmbeddedPostgresError("the file \(logFile) cannot be written")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Creates the data in a temporary folder and then renames it, so that a killed process leaves no incomplete data.
    private func initialize() throws(EmbeddedPostgresError) {
        removeUnfinished()
        let unfinished = "\(configuration.directory)/\(Self.unfinishedPrefix)\(getpid())"
        let result = try ChildProcess.run(
            (user?.prefix ?? []) + [
                binaries.path("initdb"), "--pgdata", unfinished, "--username", "postgres", "--auth",
                "trust",
                "--encoding", "UTF8", "--locale", "C.UTF-8",
            ], workingDirectory: configuration.directory)
        guard result.succeeded else {
            let reason = result.output.split(separator: "\n").last { $0.contains("error") } ?? ""
            throw EmbeddedPostgresError(
                "PostgreSQL's initdb failed in \(configuration.directory): \(reason)")
        }
        guard rename(unfinished, dataDirectory) == 0 else {
            throw EmbeddedPostgresError(
                "the folder \(dataDirectory) cannot be created: \(String(cString: strerror(errno)))")
        }
    }

    private func removeUnfinished() {
        let manager = FileManager.default
        let found = (try? manager.contentsOfDirectory(atPath: configuration.directory)) ?? []
        for name in found where name.hasPrefix(Self.unfinishedPrefix) {
            try? manager.removeItem(atPath: "\(configuration.directory)/\(name)")
        }
    }

    /// Waits until the eighth line of postmaster.pid, which holds the server's state, says `ready`.
    private func awaitReadiness(_ started: Process) throws(EmbeddedPostgresError) {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let lines = pidFile
            if lines.count >= 8, lines[7].hasPrefix("ready"), Int32(lines[0]) == started.processIdentifier {
                return
            }
            guard started.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        stop()
        let log = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
        let reason = log.split(separator: "\n").last { $0.contains("FATAL") }.map { ": \($0)" } ?? ""
        throw EmbeddedPostgresError("PostgreSQL did not start; see \(logFile)\(reason)")
    }

    private var pidFile: [String] {
        let text = (try? String(contentsOfFile: "\(dataDirectory)/postmaster.pid", encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func end(with signal: Int32) {
        guard let started = process.withLock({ $0 }) else { return }
        if started.isRunning { Glibc.kill(started.processIdentifier, signal) }
        started.waitUntilExit()
        process.withLock { $0 = nil }
    }

    /// Stops the server that a killed process left running on these data, and waits until no process uses the data.
    func endLeftover() {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let leftover = processesOnData
            if leftover.isEmpty { break }
            for identifier in leftover { Glibc.kill(identifier, SIGQUIT) }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    /// Checks that no other process of this program runs a server on these data.
    ///
    /// - Throws: `EmbeddedPostgresError` with the id of that process.
    func refuseIfInUse() throws(EmbeddedPostgresError) {
        guard let postmaster = pidFile.first.flatMap({ Int32($0) }), processesOnData.contains(postmaster)
        else {
            return
        }
        let status = (try? String(contentsOfFile: "/proc/\(postmaster)/status", encoding: .utf8)) ?? ""
        let parent = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
            .flatMap { Int32($0.dropFirst(5).filter(\.isNumber)) }
        guard let parent, parent > 1, parent != getpid(),
            Self.program(of: "\(parent)") == Self.program(of: "self")
        else { return }
        throw EmbeddedPostgresError(
            "\(configuration.directory) is in use by process \(parent); stop it first")
    }

    /// The name of a process's executable, wherever it lies: another build of the program uses a server as this one does.
    private static func program(of process: String) -> String? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
        else {
            return nil
        }
        // Linux says so of an executable in whose place a new one was put.
        let deleted = " (deleted)"
        let file = path.hasSuffix(deleted) ? String(path.dropLast(deleted.count)) : path
        return (file as NSString).lastPathComponent
    }

    /// The processes whose working folder is the data folder, which are all processes of the server.
    private var processesOnData: [Int32] {
        let manager = FileManager.default
        let data = URL(fileURLWithPath: dataDirectory).resolvingSymlinksInPath().path
        return ((try? manager.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.filter {
            (try? manager.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")) == data
        }
    }
}

extension EmbeddedPostgres {
    /// A folder that the server's user can enter: the preferred one, or else a folder in /var/tmp whose name is derived
    /// from it.
    ///
    /// - Throws: If the access cannot be checked.
    package static func usableDirectory(_ preferred: String) throws(EmbeddedPostgresError) -> String {
        guard let user = UnprivilegedUser.forRoot else { return preferred }
        let parent = (preferred as NSString).deletingLastPathComponent
        let entered = try ChildProcess.run(user.prefix + ["test", "-x", parent], workingDirectory: "/")
        return entered.succeeded ? preferred : "/var/tmp/countersign-\(shortName(of: preferred))"
    }

    /// The files and folders in a server's folder.
    private static let entries: Set<String> = ["data", "socket", "server.log"]
    /// The prefix of the names of incomplete data folders.
    static let unfinishedPrefix = "unfinished-"

    /// Removes a server's folder, if it exists.
    ///
    /// - Throws: If the folder contains a foreign file, or a server of another process uses it.
    package static func remove(_ directory: String) throws(EmbeddedPostgresError) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        if let foreign = found.filter({ !entries.contains($0) && !$0.hasPrefix(unfinishedPrefix) }).min() {
            throw EmbeddedPostgresError(
                "\(directory) was not removed, because it contains \(foreign), which does not belong to the database"
            )
        }
        let server = try EmbeddedPostgres(Configuration(directory: directory))
        try server.refuseIfInUse()
        server.endLeftover()
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            throw EmbeddedPostgresError("the folder \(directory) cannot be removed")
        }
    }

    /// A short name for a long path: its 64-bit FNV-1a hash (RFC 9923).
    static func shortName(of path: String) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(hash, radix: 36)
    }
}

/// The reason why a private server is not available: one line for a person.
package struct EmbeddedPostgresError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
