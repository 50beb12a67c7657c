import Glibc
import TestSupport
import Testing

/// Tests of a node that strangers flood, from one address or from several. Another one is served all the same.
@Suite(.serialized) struct FloodTests {
    /// The last number of the loopback address that is no attacker's.
    private static let good = 200

    /// Starts a node, and returns it with its ports and a reader of its metrics.
    private func node(_ shell: String) async throws -> (RunningProgram, Int, (String) async throws -> Int) {
        try await Program.addDemoUser(to: TestDatabase.current)
        let node = try RunningProgram(
            shell: shell, environment: ["DATABASE_URL": TestDatabase.current.applicationConnectionString])
        let ports = try await node.ports()
        return (
            node, ports.operators,
            { bound in
                let page = try await Program.bash(
                    "curl -sf http://127.0.0.1:\(ports.internals)/metrics", in: "/tmp"
                ).output
                let series = #"countersign_bounds_met_total{side="operators",bound="\#(bound)"} "#
                let line = page.split(separator: "\n").first { $0.hasPrefix(series) }
                return Int(line?.dropFirst(series.count) ?? "") ?? -1
            }
        )
    }

    @Test(
        "Silent connections take no place of another address, and the log says that the bound is met",
        .database, arguments: [1, 50])
    func silentConnections(addresses: Int) async throws {
        // Some 300 connections fit into 512 open files.
        let (node, port, met) = try await node(
            "ulimit -n 512; exec countersign serve --port 0 --internal-port 0 "
                + "--http-connections-per-address 100")
        let kept = RawSocket(port: port, from: Self.good)
        // This answer needs no database, which a busy machine may keep from answering in time.
        #expect(kept.get("/livez").hasPrefix("HTTP/1.1 200 "))
        var silent: [RawSocket] = []
        for round in 0..<20 {
            for number in 0..<30 {
                silent.append(
                    RawSocket(port: port, from: 1 + (round * 30 + number) % addresses, waits: false))
            }
            let new = RawSocket(port: port, from: Self.good)
            for socket in [kept, new] {
                #expect(socket.get("/livez").hasPrefix("HTTP/1.1 200 "), "round \(round)")
            }
            new.close()
        }
        #expect(try await met(addresses == 1 ? "address_connections" : "connections") > 100)
        try await node.hasWritten(
            addresses == 1 ? "an address has the maximum" : "a listener has the maximum")
        for socket in silent + [kept] { socket.close() }
        #expect(await node.end() == 0)
    }

    @Test(
        "Wrong logins with made-up names take no turn of another address, and the log says that the bound is met",
        .database, arguments: [1, 8])
    func wrongLogins(addresses: Int) async throws {
        let (node, port, met) = try await node(
            // A machine that is busy with tests takes seconds for a hash, and each address has its first turn.
            "exec countersign serve --port 0 --internal-port 0 --call-timeout-milliseconds 60000 "
                + "--logins-per-address 100")
        var sockets: [RawSocket] = []
        func attack(_ count: Int) {
            for _ in 0..<count {
                let socket = RawSocket(port: port, from: 1 + sockets.count % addresses)
                socket.sendLogin("nobody-\(sockets.count)", password: "a wrong password")
                sockets.append(socket)
            }
        }
        attack(350)
        for number in 0..<10 {
            attack(10)
            let socket = RawSocket(port: port, from: Self.good)
            socket.sendLogin("demo", password: "demo")
            #expect(socket.response().hasPrefix("HTTP/1.1 200 "), "login \(number)")
            socket.close()
        }
        #expect(try await met(addresses == 1 ? "address_logins" : "logins") > 0)
        try await node.hasWritten(
            addresses == 1 ? "an address has the maximum of logins" : "the maximum of logins waits")
        for socket in sockets { socket.close() }
        // The logins that wait would be answered first.
        _ = await node.end(SIGKILL)
    }
}
