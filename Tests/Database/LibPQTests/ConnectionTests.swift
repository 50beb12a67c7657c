import Glibc
import LibPQ
import TestSupport
import Testing

/// Tests of connecting, and of every way in which it fails.
@Suite(.ownThread) struct ConnectionTests {
    private func failure(
        _ parameters: ConnectionParameters, deadline: ContinuousClock.Instant = .inGoodTime,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> String {
        let error = #expect(throws: PostgresError.self, sourceLocation: sourceLocation) {
            _ = try Connection(parameters, deadline: deadline)
        }
        #expect(error?.effect == .nothingSent, sourceLocation: sourceLocation)
        guard case .connectionFailed(let reason) = error else { return "" }
        return reason
    }

    @Test("A connection knows its server's version, parameters and process", .database)
    func aConnectionKnowsItsServer() throws {
        let connection = try Connection.make()
        #expect(connection.isUsable)
        #expect(connection.parameterStatus("client_encoding") == "UTF8")
        #expect(connection.parameterStatus("absent") == nil)
        #expect(try connection.values("SELECT pg_backend_pid()") == [connection.backendProcessIdentifier])
    }

    @Test("A connection within a transaction is not usable", .database)
    func aConnectionInATransactionIsNotUsable() throws {
        let connection = try Connection.make()
        try connection.execute("BEGIN")
        #expect(!connection.isUsable)
        try connection.execute("COMMIT")
        #expect(connection.isUsable)
    }

    @Test("A closed connection refuses every call", .database)
    func aClosedConnectionRefusesEverything() throws {
        let connection = try Connection.make()
        connection.close()
        connection.close()
        #expect(!connection.isUsable)
        #expect(connection.backendProcessIdentifier == 0)
        #expect(connection.parameterStatus("client_encoding") == nil)
        let closed = PostgresError.connectionFailed("the connection is closed")
        #expect(throws: closed) { try connection.execute("SELECT 1") }
        #expect(throws: closed) { try connection.texts("SELECT 'closed'") }
        #expect(throws: closed) { try connection.copyIn("COPY a FROM STDIN", deadline: .inGoodTime) { _ in } }
    }

    @Test("close() ends the server's session", .database)
    func closingEndsTheSession() async throws {
        let connection = try Connection.make()
        let identifier = connection.backendProcessIdentifier
        connection.close()
        try await TestDatabase.current.session.wait(
            until: "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(identifier))")
    }

    @Test("A port without a listener refuses the connection")
    func aPortWithoutAListenerIsRefused() {
        let port = TestServer.freePort()
        let reason = failure(ConnectionParameters(["host": "127.0.0.1", "port": "\(port)", "dbname": "x"]))
        #expect(reason.contains("Connection refused"))
        #expect(!reason.contains("\n"))
    }

    @Test("A missing socket refuses the connection")
    func aSocketThatIsNotThereIsRefused() {
        #expect(failure(ConnectionParameters(["host": "/nonexistent"])).contains("No such file or directory"))
    }

    @Test("Connecting to a silent server fails at the deadline")
    func aServerThatNeverAnswersIsGivenUpAtTheDeadline() {
        let hole = FakeSilentServer()
        #expect(failure(hole.parameters, deadline: .soon) == "the database did not answer in time")
    }

    @Test("Connecting past the deadline fails at once")
    func aDeadlineThatHasPassedIsNoWaitAtAll() {
        let hole = FakeSilentServer()
        #expect(failure(hole.parameters, deadline: .now) == "the database did not answer in time")
    }

    @Test("A server's refusal is reported in its own words", .database)
    func theServersRefusalIsReportedInItsWords() {
        var parameters = TestDatabase.current.ownerParameters
        parameters["dbname"] = "absent"
        #expect(failure(parameters).contains("database \"absent\" does not exist"))
        parameters["user"] = "nobody of that name"
        #expect(failure(parameters).contains("role \"nobody of that name\" does not exist"))
    }

    @Test("An unknown keyword is refused")
    func aKeywordThatLibpqDoesNotKnowIsRefused() {
        #expect(failure(ConnectionParameters(["hots": "x"])).contains("invalid connection option \"hots\""))
    }

    @Test("A failure's reason does not contain the password", .database)
    func aPasswordIsNotInTheReason() {
        var parameters = TestDatabase.current.ownerParameters
        parameters["dbname"] = "absent"
        parameters["password"] = "s3cret"
        #expect(!failure(parameters).contains("s3cret"))
    }

    /// The process of an exit test runs no other test, so every descriptor counts.
    @Test("Failed connections leave no descriptor open", .database)
    func failuresLeaveNoDescriptorOpen() async {
        let absent = TestDatabase.current.name + "_absent"
        let refusing = TestServer.shared.connectionParameters(database: absent).connectionString
        await #expect(processExitsWith: .success) { [refusing = refusing as String] in
            let hole = FakeSilentServer()
            let dead = ConnectionParameters(["host": "127.0.0.1", "port": "\(TestServer.freePort())"])
            let attempts = [dead, hole.parameters, try ConnectionParameters(parsing: refusing)]
            func tryEach() {
                for parameters in attempts {
                    let deadline: ContinuousClock.Instant =
                        parameters == hole.parameters ? .now : .inGoodTime
                    precondition((try? Connection(parameters, deadline: deadline)) == nil)
                }
            }
            tryEach()
            let before = openDescriptors()
            for _ in 0..<200 { tryEach() }
            precondition(openDescriptors() == before)
        }
    }
}

/// The number of descriptors that this process has open.
private func openDescriptors() -> Int {
    (0..<Int32(getdtablesize())).count { fcntl($0, F_GETFD) != -1 }
}

/// A listener that accepts no connection: the system completes the handshake, and then sends nothing.
final class FakeSilentServer {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let parameters: ConnectionParameters

    init() {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(descriptor, address, length) == 0 && listen(descriptor, 16) == 0)
                precondition(getsockname(descriptor, address, &length) == 0)
            }
        }
        parameters = ConnectionParameters([
            "host": "127.0.0.1", "port": "\(UInt16(bigEndian: address.sin_port))", "dbname": "x",
        ])
    }

    deinit { close(descriptor) }
}
