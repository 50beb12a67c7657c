import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of which signing keys exist, and which one signs, as time passes.
@Suite struct SigningKeyTests {
    private let database = TestDatabase.current!

    /// Adds a key. Its wait before it signs, of some seconds, becomes an hour longer, however slow the test is.
    private func rotate(dropsOthers: Bool = false) async throws {
        let connection = database.administrationConnectionString
        _ = try await onThread {
            let session = try AdministrationSession(database: connection)
            defer { session.close() }
            return try session.rotateSigningKey(dropsOthers: dropsOthers)
        }
        try await database.session.execute(
            """
            UPDATE countersign.signing_key SET signs_from = signs_from + interval '1 hour'
            WHERE created_on = (SELECT max(created_on) FROM countersign.signing_key)
                AND signs_from BETWEEN created_on + interval '2 seconds' AND created_on + interval '4 seconds'
            """)
    }

    private func keys(_ store: Store) async throws -> [SigningKey] {
        try await store.signingKeys.signingKeys(replicated: false, deadline: .now + .patience)
    }

    /// Simulates the passing of time, by moving everything back.
    private func pass(_ interval: String) async throws {
        try await database.session.execute(
            "UPDATE countersign.signing_key SET signs_from = signs_from - interval '\(interval)'")
    }

    @Test("A new key signs after a delay, and the old one verifies until its tokens expire", .database)
    func aNewKeySignsLaterAndTheOldOneStays() async throws {
        try await database.withStore { (store: Store) async throws in
            let old = try await keys(store)[0].identifier
            try await rotate()
            let staged = try await keys(store)
            #expect(staged.map(\.maySign) == [true, false])
            #expect(staged[0].identifier == old)
            let new = staged[1].identifier
            #expect(Set(staged.map(\.secret)).count == 2)
            #expect(staged.allSatisfy { $0.secret.count == 32 })

            try await pass("1 hour 4 seconds")
            #expect(try await keys(store).map(\.identifier) == [new, old])
            try await pass("2 hours 59 minutes")
            #expect(try await keys(store).map(\.identifier) == [new, old])
            // The key's last token has expired, however much the nodes' clocks differ.
            try await pass("1 minute")
            #expect(try await keys(store).map(\.identifier) == [new])
            try await pass("1 day")
            try await rotate()
            #expect(try await database.session.count("SELECT count(*) FROM countersign.signing_key") == 2)
        }
    }

    @Test("Two rotations at once keep all earlier keys", .database)
    func rotatingTwiceAtOnceLosesNone() async throws {
        try await database.withStore { (store: Store) async throws in
            let old = try await keys(store)[0].identifier
            try await rotate()
            try await rotate()
            #expect(try await keys(store).map(\.maySign) == [true, false, false])
            try await pass("1 hour 4 seconds")
            let after = try await keys(store)
            #expect(after.map(\.maySign) == [true, true, true])
            #expect(after.last?.identifier == old)
        }
    }

    @Test("A rotation that drops the other keys leaves the new one alone", .database)
    func droppingLeavesTheNewOneAlone() async throws {
        try await database.withStore { (store: Store) async throws in
            let old = try await keys(store)[0].identifier
            try await rotate()
            try await rotate(dropsOthers: true)
            let left = try await keys(store)
            #expect(left.map(\.maySign) == [false])
            #expect(left[0].identifier != old)
            try await pass("1 hour 4 seconds")
            #expect(try await keys(store).map(\.maySign) == [true])
        }
    }

    /// The reporting role reads nothing by which a client could log in, or make a token.
    @Test(
        "The reporting role may not read secrets",
        .database,
        arguments: [
            "SELECT secret FROM countersign.signing_key", "SELECT * FROM countersign.signing_key",
            "SELECT password_hash FROM countersign.operator_user", "SELECT key_hash FROM countersign.api_key",
            "SELECT name FROM countersign.token_revocation",
            "SELECT countersign.purge_expired_token_revocations()",
        ])
    func reportingReadsNoSecrets(_ sql: String) async throws {
        await #expect {
            try await database.session.execute("SET ROLE countersign_reporting; \(sql)")
        } throws: {
            "\($0)".contains("42501")
        }
    }
}
