import LibPQ
import TestSupport
import Testing

/// Tests of several servers in one connection string.
@Suite(.ownThread) struct MultipleHostsTests {
    private func servers(_ connectionString: String) throws -> [String] {
        try ConnectionParameters(parsing: connectionString).servers.map(\.description)
    }

    @Test("Each server of a connection string has its own host, address and port")
    func eachServerHasItsOwnParameters() throws {
        #expect(try servers("host=a dbname=x") == ["dbname=x host=a"])
        #expect(try servers("dbname=x") == ["dbname=x"])
        #expect(try servers("host=a,b port=1,2") == ["host=a port=1", "host=b port=2"])
        #expect(try servers("host=a,b port=1") == ["host=a port=1", "host=b port=1"])
        #expect(try servers("host=a,b") == ["host=a", "host=b"])
        #expect(
            try servers("host=a,b hostaddr=127.0.0.1,127.0.0.2")
                == ["host=a hostaddr=127.0.0.1", "host=b hostaddr=127.0.0.2"])
        #expect(
            try servers("postgresql://a:1,b:2/x?target_session_attrs=read-write") == [
                "dbname=x host=a port=1 target_session_attrs=read-write",
                "dbname=x host=b port=2 target_session_attrs=read-write",
            ])
    }

    @Test("A connection string that cannot be split is one server")
    func whatDoesNotFitIsLeftToLibpq() throws {
        for given in [
            "host=a,b,c port=1,2", "host=a,b hostaddr=127.0.0.1,127.0.0.2,127.0.0.3",
            "host=a,b target_session_attrs=prefer-standby",
        ] {
            #expect(try servers(given).count == 1, "\(given)")
        }
    }

    /// The first server refuses, the second never answers, the third is the right one.
    @Test("A silent server leaves time for the next ones", .database)
    func oneThatDoesNotAnswerLeavesTimeForTheOthers() throws {
        let hole = FakeSilentServer()
        let database = TestDatabase.current.name
        let connection = try Connection(
            ConnectionParameters([
                "host": "127.0.0.1,127.0.0.1,127.0.0.1",
                "port":
                    "\(TestServer.freePort()),\(hole.parameters["port"] ?? ""),\(TestServer.shared.loopbackPort)",
                "user": "postgres", "dbname": database,
            ]), deadline: .now + .seconds(12))
        #expect(try connection.texts("SELECT current_database()::text") == [database])
    }

    @Test("A failure reports the reasons of all servers")
    func theReasonsOfAllAreReported() {
        let hole = FakeSilentServer()
        let parameters = ConnectionParameters([
            "host": "127.0.0.1,127.0.0.1",
            "port": "\(TestServer.freePort()),\(hole.parameters["port"] ?? "")",
        ])
        let error = #expect(throws: PostgresError.self) { try Connection(parameters, deadline: .soon) }
        guard case .connectionFailed(let reason) = error else { return }
        #expect(reason.contains("Connection refused"))
        #expect(reason.hasSuffix("; the database did not answer in time"))
    }

    @Test("A connection remembers that the server refused a write", .database)
    func aRefusedWriteIsRemembered() throws {
        let connection = try Connection.make()
        try connection.execute("SET default_transaction_read_only = on")
        #expect(!connection.hasRefusedToWrite)
        #expect(throws: PostgresError.self) { try connection.execute("CREATE TABLE t ()") }
        #expect(connection.hasRefusedToWrite)
    }
}
