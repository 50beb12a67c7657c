import Authentication
import ChargeStore
import Charges
import Glibc
import LibPQ
import Logging
import EmbeddedPostgres
import TestSupport
import Testing

/// Tests of a server that neither answers nor takes a request to cancel.
@Suite struct FrozenServerTests {
    /// The server continues only after the answer, so the answer cannot have waited for it.
    @Test("A read times out at its deadline while the server is frozen")
    func whatIsReadIsAnsweredWhileTheServerStandsStill() async throws {
        var configuration = EmbeddedPostgres.Configuration(directory: TestServer.makeDirectory())
        configuration.endsWithParent = true
        let server = try EmbeddedPostgres(configuration)
        try server.start()
        defer { server.kill() }
        let parameters = ConnectionParameters(server.connectionParameters(database: "postgres"))
        let administration = try AdministrationSession(database: parameters.connectionString)
        _ = try administration.migrate()
        administration.close()
        let store = try Store(
            StoreConfiguration(database: parameters.connectionString),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        store.start()
        // The pool has a connection before the server is frozen.
        // Hundreds of tests begin at the same moment, so that takes its time.
        _ = try await store.operators.account(code: "ACME", deadline: .now + .seconds(600))
        let locker = TestSession(parameters)
        try await locker.execute("BEGIN; LOCK TABLE countersign.operator")
        let postmaster = try #require(server.processIdentifier)
        kill(postmaster, SIGSTOP)
        await #expect(throws: RequestFailure.serviceUnavailable) {
            _ = try await store.operators.account(code: "ACME", deadline: .now + .seconds(3))
        }
        kill(postmaster, SIGCONT)
        try await locker.execute("ROLLBACK")
        await locker.close()
        await store.shutdown(deadline: .now + .patience)
    }
}
