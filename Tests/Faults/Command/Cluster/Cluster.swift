import Foundation
import Glibc
import Synchronization

/// The cluster under test: the processes of `scripts/cluster` in a folder of their own, with a proxy on each link between
/// a node and a server, and one between the clients and the balancer.
final class Cluster: Sendable {
    static let servers = ["pg1", "pg2", "pg3"]
    /// The members of etcd, in which Patroni keeps who the primary is.
    static let members = ["etcd1", "etcd2", "etcd3"]
    static let nodes = ["node1", "node2", "node3"]

    let directory: String
    /// The balancer's port for operators; the next one is the provider's.
    let port: Int
    private let environment: [String: String]
    private let links = Mutex<[String: DatabaseProxy]>([:])
    private let callProxies = Mutex<[Int: CallProxy]>([:])
    private let frozen = Mutex<[String: [Int32]]>([:])
    private let isStarted = Mutex(false)
    /// What the machine does to one process (`Preload/faults.c`).
    let machine: Machine

    init(directory: String, port: Int) throws {
        self.directory = directory
        self.port = port
        machine = try Machine(folder: directory + "-suite")
        environment = [
            "CLUSTER_DIRECTORY": directory, "CLUSTER_PORT": "\(port)", "CLUSTER_CONNECTIONS": "450",
            "CLUSTER_NODE_SOCKETS": directory + "-suite/links",
        ].merging(machine.environment) { $1 }
    }

    // MARK: The whole

    /// Starts everything anew.
    func start() throws {
        isStarted.withLock { $0 = true }
        try script("remove")
        for node in Self.nodes {
            let folder = "\(directory)-suite/links/\(node)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for server in Self.servers {
                guard links.withLock({ $0["\(node)/\(server)"] }) == nil else { continue }
                let socket = ".s.PGSQL.\(serverPort(server))"
                guard
                    let proxy = DatabaseProxy(
                        path: "\(folder)/\(socket)", server: "\(directory)/socket/\(socket)")
                else {
                    throw Shell.Failure(description: "no proxy can listen in \(folder)")
                }
                links.withLock { $0["\(node)/\(server)"] = proxy }
            }
        }
        for offset in [0, 1] where callProxies.withLock({ $0[offset] }) == nil {
            guard let proxy = CallProxy(port: port + 40 + offset, target: port + offset) else {
                throw Shell.Failure(
                    description: "port \(port + 40 + offset) is in use; CLUSTER_PORT chooses others")
            }
            callProxies.withLock { $0[offset] = proxy }
        }
        try script("start")
    }

    /// Stops everything and deletes the data. The logs are kept elsewhere if asked.
    func remove(keepingLogsIn folder: String? = nil) {
        guard isStarted.withLock({ $0 }) else { return }
        thawAll()
        machine.reset()
        mendLinks()
        for server in Self.servers { mend(server) }
        _ = try? script("stop")
        if let folder { keepLogs(in: folder) }
        _ = try? script("remove")
        isStarted.withLock { $0 = false }
        try? FileManager.default.removeItem(atPath: directory + "-suite")
    }

    func keepLogs(in folder: String) {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let patronis = Self.servers.map(Self.patroni)
        for name in Self.members + Self.servers + patronis + Self.nodes + ["balancer"] {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name).log")
            try? FileManager.default.copyItem(
                atPath: "\(directory)/\(name).log", toPath: "\(folder)/\(name).log")
        }
    }

    /// Brings back everything that a fault may have left broken, and waits until the service is there.
    func heal() throws {
        thawAll()
        machine.reset()
        mendLinks()
        setCalls(nil)
        for server in Self.servers { mend(server) }
        // Together: one alone does not answer.
        try script("start-one", Self.members[0], Self.members[1], Self.members[2])
        for server in Self.servers { try startOne(server) }
        try awaitStandbys()
        for name in Self.nodes + ["balancer"] { try startOne(name) }
        for node in Self.nodes { try awaitReady(port: nodePort(node)) }
        try awaitReady(port: port)
    }

    private func awaitReady(port: Int) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let request = HTTPClient.request("GET", "/readyz", bearer: nil)
            if case .response(200, _) = HTTPClient.call(request, port: port, timeout: .seconds(3)) { return }
            pause(seconds: 0.1)
        }
        throw Shell.Failure(
            description: "the service at port \(port) is not ready within 60 s after the faults")
    }

    // MARK: Processes

    /// Runs `scripts/cluster` or another script on this cluster.
    @discardableResult
    func script(
        program: String = "scripts/cluster", _ arguments: String..., input: String? = nil,
        seconds: Double = 180
    ) throws -> String {
        try Shell.run([program] + arguments, environment: environment, input: input, seconds: seconds)
    }
    /// Runs a command of the service as an administrator.
    @discardableResult
    func admin(_ arguments: String..., input: String? = nil) throws -> String {
        try Shell.run(
            ["scripts/cluster", "admin"] + arguments, environment: environment, input: input, seconds: 60)
    }
    func startOne(_ name: String) throws { try script("start-one", name, seconds: 150) }
    func stopOne(_ name: String) throws { try script("stop-one", name, seconds: 60) }

    /// The process of a name, if it runs. A process id may have been reused: the start time, or of a server the folder in
    /// its command line, must be the same too.
    func process(_ name: String) -> Int32? {
        let isServer = Self.servers.contains(name)
        let path = isServer ? "\(directory)/\(name)/postmaster.pid" : "\(directory)/\(name).pid"
        guard
            let words = (try? String(contentsOfFile: path, encoding: .utf8))?.split(
                whereSeparator: \.isWhitespace),
            words.count >= 2, let identifier = Int32(words[0]), let status = ProcessTable.entry(identifier),
            isServer
                ? ProcessTable.isRun(identifier, with: "\(directory)/\(name)") : status.began == words[1],
            status.state != "Z"
        else { return nil }
        return identifier
    }
    /// The name of a server's Patroni.
    static func patroni(_ server: String) -> String { "patroni\(server.suffix(1))" }
    /// A process and, of a server, its Patroni, its sessions and its workers.
    func processes(of name: String) -> [Int32] {
        guard Self.servers.contains(name) else { return process(name).map { [$0] } ?? [] }
        // Patroni first: it would start the others again.
        let patroni = process(Self.patroni(name)).map { [$0] } ?? []
        guard let parent = process(name) else { return patroni }
        return patroni + [parent] + ProcessTable.children(of: parent)
    }
    /// Kills a process, or all of a server, and waits until they are gone.
    func killOne(_ name: String) {
        let processes = processes(of: name)
        for process in processes { kill(process, SIGKILL) }
        for process in processes { awaitEnd(of: process) }
    }
    /// Kills a server's PostgreSQL, which its Patroni starts again.
    func crash(_ server: String) {
        guard let postmaster = process(server) else { return }
        kill(postmaster, SIGKILL)
        awaitEnd(of: postmaster)
    }
    private func awaitEnd(of process: Int32) {
        while let entry = ProcessTable.entry(process), entry.state != "Z" { pause(seconds: 0.02) }
    }

    /// Stops a process, or all of a server, until they are thawed.
    func freeze(_ name: String) {
        let processes = processes(of: name)
        frozen.withLock { $0[name, default: []] += processes }
        for process in processes { kill(process, SIGSTOP) }
    }
    func thaw(_ name: String) {
        for process in frozen.withLock({ $0.removeValue(forKey: name) }) ?? [] { kill(process, SIGCONT) }
    }
    func thawAll() {
        for name in frozen.withLock({ Array($0.keys) }) { thaw(name) }
    }

    // MARK: Servers

    func serverPort(_ server: String) -> Int { port + 50 + (Int(server.suffix(1)) ?? 1) }

    /// The server that takes writes; of several, the one with the highest timeline.
    func primary() throws -> String { try primary(otherThan: nil) }

    /// The server that takes writes, once it is another one. Patroni replaces a lost primary after its `ttl`, 20 s.
    func primary(otherThan old: String?) throws -> String {
        let deadline = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < deadline {
            let timelines = Self.servers.compactMap { server -> (timeline: String, server: String)? in
                let rows = try? Database.rows(
                    "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) WHERE NOT pg_is_in_recovery()",
                    on: server, of: self)
                return rows?.first?.first.flatMap { $0 }.map { ($0, server) }
            }
            if let highest = timelines.max(by: { $0.timeline < $1.timeline }), highest.server != old {
                return highest.server
            }
            pause(seconds: 0.2)
        }
        throw Shell.Failure(
            description: "no server\(old.map { " but \($0)" } ?? "") is a primary within 90 s")
    }
    func standbys() throws -> [String] {
        let primary = try primary()
        return Self.servers.filter { $0 != primary }
    }

    /// Waits until every standby has what the primary answers. One that does not follow is made anew.
    func awaitStandbys() throws {
        let primary = try primary()
        for standby in Self.servers where standby != primary {
            if isFollowing(standby, primary) { continue }
            try script("patronictl", "reinit", "countersign", standby, "--force", "--wait")
            guard isFollowing(standby, primary) else {
                throw Shell.Failure(description: "\(standby) does not follow \(primary)")
            }
        }
    }
    private func isFollowing(_ standby: String, _ primary: String) -> Bool {
        let query =
            "SELECT 1 FROM pg_stat_replication WHERE application_name = '\(standby)' AND sync_state = 'quorum'"
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            if (try? Database.rows(query, on: primary, of: self))?.isEmpty == false { return true }
            pause(seconds: 0.2)
        }
        return false
    }

    /// Whether servers can be cut off from one another and from etcd: `scripts/faults` sees to it, as root.
    static let hasNetworks = ProcessInfo.processInfo.environment["CLUSTER_NETWORK"] == "namespaces"
    /// Takes a server off the network. Nodes still reach it, by its socket.
    func cut(_ server: String) throws { try script("cut", server) }
    func mend(_ server: String) {
        if Self.hasNetworks { _ = try? script("mend", server) }
    }

    // MARK: Links

    func nodePort(_ node: String, isInternal: Bool = false) -> Int {
        port + (isInternal ? 20 : 10) + (Int(node.suffix(1)) ?? 1)
    }
    /// The port at which calls pass the proxy on their way to the balancer.
    func proxiedPort(provider: Bool = false) -> Int { port + 40 + (provider ? 1 : 0) }

    /// Breaks or mends the links of some nodes to all servers.
    func setLinks(of nodes: [String], _ fault: DatabaseProxy.Fault?, cutting: Bool = false) {
        for (name, link) in links.withLock({ $0 }) where nodes.contains(where: { name.hasPrefix($0 + "/") }) {
            link.set(fault)
            if cutting { link.cutAll() }
        }
    }
    func mendLinks() { setLinks(of: Self.nodes, nil) }

    /// Sets what happens to calls between the clients and the balancer.
    func setCalls(_ behaviour: CallProxy.Behaviour?, provider: Bool? = nil) {
        for (offset, proxy) in callProxies.withLock({ $0 }) where provider == nil || provider == (offset == 1)
        {
            proxy.set(behaviour)
        }
    }
}

/// What the kernel says of processes.
enum ProcessTable {
    /// The parent, state and start time of a process.
    static func entry(_ identifier: Int32) -> (parent: Int32, state: Substring, began: Substring)? {
        guard let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let words = text[text.index(after: end)...].split(separator: " ")
        guard words.count > 19, let parent = Int32(words[1]) else { return nil }
        return (parent, words[0], words[19])
    }

    /// Whether a process' command line has a word.
    static func isRun(_ identifier: Int32, with word: String) -> Bool {
        let line = FileManager.default.contents(atPath: "/proc/\(identifier)/cmdline") ?? Data()
        return line.split(separator: 0).contains { $0.elementsEqual(word.utf8) }
    }

    static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { entry($0)?.parent == parent }
    }
}
