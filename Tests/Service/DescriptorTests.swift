import Glibc
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
        let earlier = Socket(port: ports.operators)
        #expect(earlier.get("/readyz").hasPrefix("HTTP/1.1 200 "))

        let silent = (0..<400).map { _ in Socket(port: ports.operators, waits: false) }
        try await node.hasWritten("the maximum of connections")
        #expect(earlier.get("/readyz").hasPrefix("HTTP/1.1 200 "))
        #expect(try await Client(port: ports.internals).get("/readyz").status == 200)

        for socket in silent { socket.close() }
        #expect(try await Client(port: ports.operators).get("/readyz").status == 200)
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

/// A connection to a port of this machine.
private struct Socket {
    private let descriptor: Int32

    /// - Parameter waits: Whether to wait until the connection is established.
    init(port: Int, waits: Bool = true) {
        let type = Int32(SOCK_STREAM.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        descriptor = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends a GET, and reads the response to the end of its envelope.
    func get(_ path: String) -> String {
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix("}}") {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { break }
            text += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        return text
    }

    func close() { _ = Glibc.close(descriptor) }
}
