import Foundation
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of nodes that run as processes.
@Suite struct ServeTests {
    private func serve(_ database: String) throws -> RunningProgram {
        try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", environment: ["DATABASE_URL": database])
    }

    private func addUser(_ operatorCode: String) async throws {
        let result = try await Program.bash(
            "echo demo | countersign user add --allow-short --operator \(operatorCode) --username demo",
            environment: ["DATABASE_URL": TestDatabase.current.administrationConnectionString], in: "/tmp")
        #expect(result.status == 0, "\(result.error)")
    }

    @Test("Operators log in on two nodes and never see each other's charges", .database)
    func operatorsLogInAndDoNotSeeEachOther() async throws {
        try await TestDatabase.current.addCharges(3, prefix: "I")
        try await addUser("ACME")
        try await addUser("GLOBEX")
        let nodes = try [0, 1].map { _ in try serve(TestDatabase.current.applicationConnectionString) }
        let first = Client(port: try await nodes[0].ports().operators)
        let second = Client(port: try await nodes[1].ports().operators)

        let acme = try await first.login("ACME")
        let globex = try await first.login("GLOBEX")
        #expect(try await globex.accept([("I1", "cI1")]).failures == ["I1": "CHARGE_NOT_FOUND"])
        #expect(try await acme.accept([("I1", "cI1")]).failures == [:])
        // A token of one node is valid on another, which sees what the first one decided.
        var elsewhere = second
        elsewhere.token = acme.token
        #expect(
            try await elsewhere.accept([("I1", "cI1"), ("I2", "cI2")]).failures
                == ["I1": "CHARGE_ALREADY_ACCEPTED"])
        #expect(try await second.login("ACME", password: "wrong").token == "")
        #expect(try await second.accept([("I3", "cI3")]).code == "INVALID_TOKEN")
        for node in nodes { #expect(await node.end() == 0) }
    }

    @Test("Both listeners answer health checks, and the internal one has no login", .database)
    func aNodeAnswersOnItsInternalPort() async throws {
        let node = try serve(TestDatabase.current.applicationConnectionString)
        let ports = try await node.ports()
        for port in [ports.operators, ports.internals] {
            #expect(try await Client(port: port).get("/livez").status == 200)
            #expect(try await Client(port: port).answers(200, to: "/readyz"))
        }
        #expect(try await Client(port: ports.internals).login("ACME").token == "")
        #expect(await node.end() == 0)
    }

    @Test("A node starts before its database and recovers with it")
    func aNodeStartsBeforeItsDatabaseAndComesBackWithIt() async throws {
        let folder = TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = EmbeddedPostgres.Configuration(directory: folder + "/data")
        configuration.endsWithParent = true
        configuration.loopbackPort = TestServer.freePort()
        let server = try EmbeddedPostgres(configuration)
        defer { server.kill() }
        let database = "host=127.0.0.1 port=\(server.port) user=postgres dbname=postgres"

        let node = try serve(database)
        let client = Client(port: try await node.ports().operators)
        #expect(try await client.get("/livez").status == 200)
        #expect(try await client.get("/readyz").status == 503)
        #expect(try await client.loginAnswer("ACME").code == "SERVICE_UNAVAILABLE")

        try server.start()
        let made = try await Program.bash(
            """
            countersign migrate && countersign operator add ACME --currency EUR
            echo demo | countersign user add --allow-short --operator ACME --username demo
            """, environment: ["DATABASE_URL": database], in: "/tmp")
        #expect(made.status == 0, "\(made.error)")
        #expect(try await client.answers(200, to: "/readyz"))
        #expect(try await client.login("ACME").token != "")

        server.kill()
        #expect(try await client.loginAnswer("ACME").code == "SERVICE_UNAVAILABLE")
        try server.start()
        #expect(try await client.answers(200, to: "/readyz"))
        #expect(try await client.login("ACME").token != "")
        #expect(await node.end() == 0)
    }
}
