import Glibc
import TestSupport
import Testing

/// Tests of a node that is frozen for longer than a call lasts.
@Suite struct FrozenNodeTests {
    @Test("Calls that arrive while the node is frozen are not applied afterwards", .database)
    func whatCameInMeanwhileIsNotAppliedAfterwards() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(4, prefix: "I")
        try await Program.addDemoUser(to: database)
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--call-timeout-milliseconds", "5000",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let client = try await Client(port: try await node.ports().operators).login("ACME")
        #expect(try await client.accept([("I1", "cI1")]).code == "OK")
        try await node.freeze()
        // One call comes on the open connection, the other on a new one that waits to be accepted.
        async let first = client.accept([("I2", "cI2")])
        async let second = client.accept([("I3", "cI3")])
        // A third caller hangs up, as a load balancer does.
        sendAndHangUp(
            "POST /crmapi/rest/v2/netflix/charges/accept HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer \(client.token)\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n"
                + Self.body, port: client.port)
        // That much time has to pass; the database sleeps for it.
        try await database.session.execute("SELECT pg_sleep(8)")
        node.signal(SIGCONT)
        #expect(try await first.code == "SERVICE_UNAVAILABLE")
        #expect(try await second.code == "SERVICE_UNAVAILABLE")
        #expect(try await client.accept([("I1", "cI1")]).failures == ["I1": "CHARGE_ALREADY_ACCEPTED"])
        #expect(await node.end() == 0)
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 1)
    }

    private static let body =
        #"{"accepted_charges_set": [{"number": "I4", "billing_system_customer_identifier": "cI4"}]}"#

    /// Sends a request, and resets the connection.
    private func sendAndHangUp(_ request: String, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
        #expect(write(descriptor, request, request.utf8.count) == request.utf8.count)
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }
}
