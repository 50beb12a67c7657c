import Foundation
import Glibc
import Synchronization

/// A PostgreSQL server of one's own, from the installed programs: for `countersign dev` and for tests.
///
/// It listens on a Unix socket in a folder that only its own user can enter, so nobody else on the machine gets
/// in, and on no port unless one is asked for. Started by root it runs as `postgres`, or as `nobody`. Its
/// methods block; any thread may call them, one at a time.
package final class EmbeddedPostgres: Sendable {
    /// Where the server keeps its data and how it is set up.
    package struct Configuration: Sendable {
        /// The server's own folder. It is made if it is not there.
        package var directory: String
        /// Settings of postgresql.conf.
        package var settings: [String: String] = [:]
        /// A port of 127.0.0.1 to listen on as well, without passwords: for tests that need a network between.
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

    /// Nothing is started yet.
    ///
    /// - Throws: If no PostgreSQL server is installed.
    package init(_ configuration: Configuration) throws(EmbeddedPostgresError) {
        self.configuration = configuration
        binaries = try ServerBinaries.locate()
    }

    /// The folder of the server's socket: libpq's `host`.
    package var socketDirectory: String {
        // A socket's path may have 107 bytes and no more; a longer folder's socket goes to a short place.
        let beside = "\(configuration.directory)/socket"
        guard beside.utf8.count > 80 else { return beside }
        return "/tmp/countersign-\(Self.shortName(of: configuration.directory))"
    }

    /// The port, which names the socket too.
    package var port: Int { configuration.loopbackPort ?? 5432 }

    /// The server's log.
    package var logFile: String { "\(configuration.directory)/server.log" }

    private var dataDirectory: String { "\(configuration.directory)/data" }

    /// libpq's keywords for a database of this server.
    package func connectionParameters(database: String, user: String = "postgres") -> [String: String] {
        ["host": socketDirectory, "port": "\(port)", "dbname": database, "user": user]
    }

    /// Whether the server's data are there already.
    package var isInitialized: Bool { FileManager.default.fileExists(atPath: "\(dataDirectory)/PG_VERSION") }

    /// Starts the server, making its data first where there are none, and returns when it takes connections. A
    /// server that a killed process left running on the same data is ended first.
    package func start() throws(EmbeddedPostgresError) {
        try makeDirectories()
        if !isInitialized { try initialize() }
        try refuseIfInUse()
        endLeftover()
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        guard let log = FileHandle(forWritingAtPath: logFile) else {
            throw EmbeddedPostgresError("the file \(logFile) cannot be written")
        }
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

    /// Ends the server: clients are sent away, a checkpoint is made. Does nothing if it does not run.
    package func stop() {
        end(with: SIGINT)
    }

    /// Ends the server as a power cut would: the postmaster and with it all of its processes.
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
                throw EmbeddedPostgresError("the folder \(path) cannot be made")
            }
            user?.own(path)
        }
        guard let user else { return }
        let entered = try ChildProcess.run(
            user.prefix + ["test", "-x", configuration.directory], workingDirectory: "/")
        guard entered.succeeded else {
            throw EmbeddedPostgresError(
                "the user \(user.name), as whom PostgreSQL must run, cannot enter \(configuration.directory); "
                    + "use a folder that lies in places open to all")
        }
    }

    /// Makes the data beside their place and then puts them there, so that a process that is killed meanwhile
    /// leaves no half-made ones behind.
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
                "the folder \(dataDirectory) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    private func removeUnfinished() {
        let manager = FileManager.default
        let found = (try? manager.contentsOfDirectory(atPath: configuration.directory)) ?? []
        for name in found where name.hasPrefix(Self.unfinishedPrefix) {
            try? manager.removeItem(atPath: "\(configuration.directory)/\(name)")
        }
    }

    /// The server writes its state into a file: the eighth line of postmaster.pid says `ready`.
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
        throw EmbeddedPostgresError("PostgreSQL did not start; \(logFile) says why\(reason)")
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

    /// Ends what a killed process has left behind on these data: the postmaster that postmaster.pid names, if it
    /// is one, and waits until every process that uses the data is gone.
    func endLeftover() {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let leftover = processesOnData
            if leftover.isEmpty { break }
            for identifier in leftover { Glibc.kill(identifier, SIGQUIT) }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    /// Another process of our kind may be using these data right now; its server is not ours to end.
    func refuseIfInUse() throws(EmbeddedPostgresError) {
        guard let postmaster = pidFile.first.flatMap({ Int32($0) }), processesOnData.contains(postmaster)
        else {
            return
        }
        let status = (try? String(contentsOfFile: "/proc/\(postmaster)/status", encoding: .utf8)) ?? ""
        let parent = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
            .flatMap { Int32($0.dropFirst(5).filter(\.isNumber)) }
        guard let parent, parent > 1, parent != getpid(),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(parent)/exe"),
            program == (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        else { return }
        throw EmbeddedPostgresError(
            "\(configuration.directory) is in use by process \(parent); stop that first")
    }

    /// The processes whose working folder is the data folder: PostgreSQL's, all of them.
    private var processesOnData: [Int32] {
        let manager = FileManager.default
        let data = URL(fileURLWithPath: dataDirectory).resolvingSymlinksInPath().path
        return ((try? manager.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.filter {
            (try? manager.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")) == data
        }
    }
}

extension EmbeddedPostgres {
    /// A folder that the server's user can enter: the one that is asked for, or, where it lies in a place closed to
    /// that user, one of the same name's own in /var/tmp.
    ///
    /// - Throws: If the folder cannot be made.
    package static func usableDirectory(_ preferred: String) throws(EmbeddedPostgresError) -> String {
        guard let user = UnprivilegedUser.forRoot else { return preferred }
        let parent = (preferred as NSString).deletingLastPathComponent
        let entered = try ChildProcess.run(user.prefix + ["test", "-x", parent], workingDirectory: "/")
        return entered.succeeded ? preferred : "/var/tmp/countersign-\(shortName(of: preferred))"
    }

    /// What a server's folder holds.
    private static let entries: Set<String> = ["data", "socket", "server.log"]
    /// What begins the name of data that are being made.
    static let unfinishedPrefix = "unfinished-"

    /// Throws a server's folder away, if it is there.
    ///
    /// - Throws: If the folder holds anything that is not a server's, or a server of another process uses it.
    package static func remove(_ directory: String) throws(EmbeddedPostgresError) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        if let foreign = found.filter({ !entries.contains($0) && !$0.hasPrefix(unfinishedPrefix) }).min() {
            throw EmbeddedPostgresError(
                "\(directory) is left as it is, because it holds \(foreign), which is not the database's")
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

    /// A short name made of a long path: FNV-1a (RFC 9923), 64 bits.
    static func shortName(of path: String) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(hash, radix: 36)
    }
}

/// Why a private server could not be had: one line for a person.
package struct EmbeddedPostgresError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
