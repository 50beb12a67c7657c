import Glibc
import TestSupport
import Testing

/// A node that stands still for longer than a call lasts.
@Suite struct FrozenNodeTests {
    @Test(.database) func whatCameInMeanwhileIsNotAppliedAfterwards() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "I")
        let user = try await Program.bash(
            "echo demo | countersign user add --operator ACME --username demo",
            environment: ["DATABASE_URL": database.ownerConnectionString], in: "/tmp")
        #expect(user.status == 0, "\(user.error)")
        let node = try RunningProgram(
            "serve", "--port", "0", "--internal-port", "0", "--call-timeout-milliseconds", "5000",
            environment: ["DATABASE_URL": database.applicationConnectionString])
        let client = try await Client(port: try await node.ports().operators).login("ACME")
        #expect(try await client.accept([("I1", "cI1")]).code == "OK")
        node.signal(SIGSTOP)
        // One comes on the connection that is there, the other waits to be let in.
        async let first = client.accept([("I2", "cI2")])
        async let second = client.accept([("I3", "cI3")])
        // That much time has to pass; the database lets it.
        try await database.session.execute("SELECT pg_sleep(8)")
        node.signal(SIGCONT)
        #expect(try await first.code == "SERVICE_UNAVAILABLE")
        #expect(try await second.code == "SERVICE_UNAVAILABLE")
        #expect(try await client.accept([("I1", "cI1")]).failures == ["I1": "CHARGE_ALREADY_ACCEPTED"])
        #expect(try await database.session.count("SELECT count(*) FROM countersign.charge_history") == 1)
        #expect(await node.end() == 0)
    }
}
