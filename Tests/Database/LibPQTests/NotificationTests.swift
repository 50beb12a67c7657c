import LibPQ
import TestSupport
import Testing

/// Tests of LISTEN and NOTIFY.
@Suite(.ownThread) struct NotificationTests {
    private let connection: Connection
    private let session = TestDatabase.current.session

    init() throws {
        connection = try Connection.make()
        try connection.execute("LISTEN news")
    }

    @Test("A notification arrives with channel, payload and sender", .database)
    func whatAnotherSessionSaysIsHeard() async throws {
        let sender = try await session.count("SELECT pg_backend_pid()")
        try await session.execute("NOTIFY news, 'première'; NOTIFY news; NOTIFY other, 'unheard'")
        for payload in ["première", ""] {
            let notification = try connection.waitForNotification(deadline: .inGoodTime)
            #expect(notification?.channel == "news")
            #expect(notification?.payload == payload)
            #expect(notification?.backendProcessIdentifier == Int32(sender))
        }
        #expect(try connection.waitForNotification(deadline: .now) == nil)
    }

    @Test("A waiting listener receives a later notification", .database)
    func itIsWaitedFor() async throws {
        // The notification is sent once the listener waits, or a little before.
        let saying = Task { [session] in try await session.execute("NOTIFY news, 'late'") }
        #expect(try connection.waitForNotification(deadline: .inGoodTime)?.payload == "late")
        try await saying.value
    }

    @Test("A wait without a notification ends at its deadline", .database)
    func withoutAnyTheDeadlineEndsTheWait() throws {
        #expect(try connection.waitForNotification(deadline: .soon) == nil)
        #expect(connection.isUsable)
    }

    @Test("A notification that arrives during a statement is kept", .database)
    func whatCameDuringAStatementIsKept() async throws {
        try await session.execute("NOTIFY news, 'kept'")
        #expect(try connection.texts("SELECT 'a statement'") == ["a statement"])
        #expect(connection.isUsable)
        #expect(try connection.waitForNotification(deadline: .now)?.payload == "kept")
    }

    @Test("A session receives its own notifications", .database)
    func whatASessionSaysItselfIsHeardToo() throws {
        try connection.execute("NOTIFY news, 'own'")
        let notification = try connection.waitForNotification(deadline: .now)
        #expect(notification?.payload == "own")
        #expect(notification?.backendProcessIdentifier == connection.backendProcessIdentifier)
    }

    @Test("A notification that was rolled back is not received", .database)
    func whatWasRolledBackIsNotHeard() async throws {
        try await session.execute("BEGIN; NOTIFY news, 'never'; ROLLBACK; NOTIFY news, 'next'")
        #expect(try connection.waitForNotification(deadline: .inGoodTime)?.payload == "next")
    }

    /// There was no work under way that could have been applied.
    @Test("A connection that breaks while it waits for a notification is lost", .database)
    func aConnectionThatBreaksWhileItWaitsIsLost() async throws {
        let identifier = connection.backendProcessIdentifier
        let ending = Task { [session] in
            try await session.execute("SELECT pg_terminate_backend(\(identifier))")
        }
        let error = #expect(throws: PostgresError.self) {
            try connection.waitForNotification(deadline: .inGoodTime)
        }
        try await ending.value
        guard case .connectionLost(_, mayHaveCommitted: false) = error else { throw error! }
        #expect(!connection.isUsable)
    }
}
