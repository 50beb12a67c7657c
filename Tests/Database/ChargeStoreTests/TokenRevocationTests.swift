import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of token revocations as nodes read them: none is missed, and no revoked token becomes valid again.
@Suite struct TokenRevocationTests {
    private let database = TestDatabase.current!
    private let acme = TestDatabase.acme.identifier

    private func extents(_ reading: TokenRevocationChanges) -> Set<TokenRevocation.Extent> {
        Set(reading.revocations.map(\.revocation.extent))
    }

    private func read(_ store: Store, after position: TokenRevocationPosition?) async throws
        -> TokenRevocationChanges
    {
        try await store.tokenRevocations.revocations(
            after: position, replicated: false, deadline: .now + .patience)
    }

    private func end(_ token: ExactText, _ store: Store) async throws {
        try await store.tokenRevocations.revoke(token: token, of: acme, deadline: .now + .patience)
    }

    /// A transaction that began first may commit last.
    @Test("A revocation that commits late is not skipped", .database)
    func whatCommitsLateIsNotPassedOver() async throws {
        let late = TestSession(database.ownerParameters)
        try await database.withStore { (store: Store) async throws in
            try await late.execute(
                "BEGIN; INSERT INTO countersign.token_revocation (operator_id, kind, name, generation) VALUES (1, 'token', 'late', 0)"
            )
            try await end("early", store)
            let first = try await read(store, after: nil)
            #expect(extents(first) == [.token("early")])
            try await end("later", store)
            let second = try await read(store, after: first.position)
            #expect(extents(second).contains(.token("later")))
            try await late.execute("COMMIT")
            let third = try await read(store, after: second.position)
            #expect(extents(third).contains(.token("late")))
        }
        await late.close()
    }

    @Test("A node reads all revocations when its position is of another server", .database)
    func aServerThatIsAnotherIsReadAsAWhole() async throws {
        try await database.withStore { (store: Store) async throws in
            try await end("one", store)
            // The transaction ended long ago, whatever the server's other databases have under way.
            try await database.session.execute("UPDATE countersign.token_revocation SET transaction_id = 3")
            let here = try await read(store, after: nil).position
            #expect(try await read(store, after: here).revocations.isEmpty)
            for other in [
                TokenRevocationPosition(
                    serverStartedOn: Timestamp(microsecondsSince2000: 1),
                    oldestTransaction: here.oldestTransaction),
                TokenRevocationPosition(
                    serverStartedOn: here.serverStartedOn,
                    oldestTransaction: here.oldestTransaction + 1_000_000),
            ] {
                #expect(extents(try await read(store, after: other)) == [.token("one")])
            }
        }
    }

    @Test("A token released twice is one revocation", .database)
    func aReleaseTwiceIsOne() async throws {
        try await database.withStore { (store: Store) async throws in
            try await end("one", store)
            try await end("one", store)
            let ends = try await read(store, after: nil).revocations
            try #require(ends.count == 1)
            #expect((10_700...10_800).contains(ends[0].secondsLeft))
        }
    }

    @Test("A suspension, a new password or a revoked key raises the generation", .database)
    func aSuspensionOrNewPasswordRaisesAGeneration() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES (1, 'anna', 'x');
            INSERT INTO countersign.api_key (operator_id, name, key_hash) VALUES (1, 'k', sha256('k'))
            """)
        let steps: [(sql: String, ends: TokenRevocation.Extent?)] = [
            ("UPDATE countersign.operator_user SET password_hash = 'y'", .login("anna", generation: 1)),
            ("UPDATE countersign.operator_user SET password_hash = 'y'", nil),
            ("UPDATE countersign.operator_user SET suspended_on = now()", .login("anna", generation: 2)),
            ("UPDATE countersign.operator_user SET suspended_on = now()", nil),
            ("UPDATE countersign.operator_user SET suspended_on = NULL", nil),
            ("UPDATE countersign.operator_user SET suspended_on = now()", .login("anna", generation: 3)),
            ("UPDATE countersign.api_key SET revoked_on = now()", .login("key:k", generation: 1)),
            ("UPDATE countersign.operator SET currency = 'USD' WHERE operator_id = 1", nil),
            (
                "UPDATE countersign.operator SET suspended_on = now() WHERE operator_id = 1",
                .everything(generation: 1)
            ),
            ("UPDATE countersign.operator SET suspended_on = NULL WHERE operator_id = 1", nil),
        ]
        try await database.withStore { (store: Store) async throws in
            var position = try await read(store, after: nil).position
            var known: Set<TokenRevocation.Extent> = []
            for step in steps {
                try await database.session.execute(step.sql)
                let reading = try await read(store, after: position)
                let new = extents(reading).subtracting(known)
                #expect(new == (step.ends.map { [$0] } ?? []), "\(step.sql)")
                known.formUnion(new)
                position = reading.position
            }
            let user = try await store.users.user(
                named: "anna", operatorCode: "ACME", deadline: .now + .patience)
            #expect(user?.tokenGeneration == TokenGeneration(ofOperator: 2, ofLogin: 4))
        }
    }

    @Test("An operator has at most 50,000 revoked tokens", .database)
    func anOperatorKeepsOnlySoMany() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.token_revocation (operator_id, kind, name, generation)
            SELECT 1, 'token', i::text, 0 FROM generate_series(1, 49999) AS i
            """)
        try await database.withStore { (store: Store) async throws in
            try await end("the last", store)
            await #expect {
                try await end("one more", store)
            } throws: {
                ($0 as? RequestFailure)?.code == .rateLimited
            }
            #expect(try await read(store, after: nil).revocations.count == 50_000)
            try await store.tokenRevocations.revoke(
                token: "another's", of: TestDatabase.globex.identifier, deadline: .now + .patience)
        }
    }

    @Test("Expired revocations are left out, and purged after a day", .database)
    func whatIsOldIsLeftOutAndForgotten() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.token_revocation (operator_id, kind, name, generation, revoked_on) VALUES
                (1, 'token', 'fresh', 0, now() - interval '2 hours 59 minutes'),
                (1, 'token', 'old', 0, now() - interval '3 hours'),
                (1, 'token', 'very old', 0, now() - interval '25 hours')
            """)
        try await database.withStore { (store: Store) async throws in
            #expect(extents(try await read(store, after: nil)) == [.token("fresh")])
            try await store.tokenRevocations.purgeExpired(deadline: .now + .patience)
            let names = try await database.session.texts(
                "SELECT name FROM countersign.token_revocation ORDER BY name")
            #expect(names == ["fresh", "old"])
        }
    }

    @Test("A revoked API key stays revoked", .database)
    func aKeyStaysRevoked() async throws {
        try await database.session.execute(
            "INSERT INTO countersign.api_key (operator_id, name, key_hash, revoked_on) VALUES (1, 'k', sha256('k'), now())"
        )
        let message = try await database.administrationFailure(
            "UPDATE countersign.api_key SET revoked_on = NULL")
        #expect(message?.contains("a key stays revoked") == true)
    }

    @Test("No username may look like a key's", .database)
    func noUserIsCalledLikeAKey() async throws {
        let message = try await database.administrationFailure(
            "INSERT INTO countersign.operator_user (operator_id, username, password_hash) VALUES (1, 'key:k', 'x')"
        )
        #expect(message?.contains("23514") == true)
    }
}
