import TestSupport
import Testing

/// Tests of a node that may have few open files (`ulimit -n`).
@Suite struct DescriptorTests {
    /// Starts a node in a shell that has limited the number of open files.
    private func node(_ limit: String) throws -> RunningProgram {
        try RunningProgram(
            shell: "\(limit); exec countersign serve --port 0 --internal-port 0",
            environment: ["DATABASE_URL": TestDatabase.current.applicationConnectionString])
    }

    @Test(
        "More connections than open files: others go on, the log says so, and all is well afterwards",
        .database)
    func moreConnectionsThanOpenFiles() async throws {
        let node = try node("ulimit -n 256")
        let ports = try await node.ports()
        let earlier = RawSocket(port: ports.operators)
        #expect(earlier.get("/livez").hasPrefix("HTTP/1.1 200 "))

        let silent = (0..<400).map { _ in RawSocket(port: ports.operators, waits: false) }
        try await node.hasWritten("the maximum of connections")
        #expect(earlier.get("/livez").hasPrefix("HTTP/1.1 200 "))
        #expect(try await Client(port: ports.internals).get("/livez").status == 200)

        for socket in silent { socket.close() }
        #expect(try await Client(port: ports.operators).get("/livez").status == 200)
        #expect(try await Client(port: ports.operators).login("ACME").token == "")
        earlier.close()
        #expect(await node.end() == 0)
    }

    @Test("The soft limit of open files is raised to the hard one", .database)
    func theSoftLimitIsRaised() async throws {
        let node = try node("ulimit -S -n 256; ulimit -H -n 1500")
        try await node.hasWritten(#""open_files":"1500""#)
        #expect(await node.end() == 0)
    }

    @Test("A limit of open files that is too low is a one-line error")
    func aLimitThatIsTooLow() async throws {
        let result = try await Program.bash(
            "ulimit -n 64; exec countersign serve --port 0 --internal-port 0 --database host=/nonexistent",
            in: "/tmp")
        #expect(result.status == 1)
        #expect(result.error.contains("ulimit -n"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
    }
}
