import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of locks that another session holds: they cost the locked item, after the lock wait, and no other.
@Suite struct LockWaitTests {
    @Test("A charge locked by another session fails alone", .database)
    func aHeldChargeAloneIsLocked() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        let locker = try await database.sessionLocking(charge: "N2")
        let items = (1...3).map { DecisionItem.charge("N\($0)", reference: "R\($0)") }
        try await database.withStore(configure: { $0.waitsBriefly() }) {
            (store: Store) async throws in
            let first = try await store.decisions.decide(.accepting(items))
            #expect(first.map(\.text) == ["OK", "CHARGE_LOCKED", "OK"])
            try await locker.execute("ROLLBACK")
            let second = try await store.decisions.decide(.accepting([items[1]]))
            #expect(second.map(\.text) == ["OK"])
        }
        await locker.close()
    }

    @Test("A reference number held by an uncommitted transaction locks its item alone", .database)
    func aReferenceHeldByAnUncommittedRivalAloneIsLocked() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        let rival = try await database.sessionHolding(reference: "R2")
        let items = (1...3).map { DecisionItem.charge("N\($0)", reference: "R\($0)") }
        try await database.withStore(configure: { $0.waitsBriefly() }) {
            (store: Store) async throws in
            let first = try await store.decisions.decide(.accepting(items))
            #expect(first.map(\.text) == ["OK", "CHARGE_LOCKED", "OK"])
            try await rival.execute("COMMIT")
            let second = try await store.decisions.decide(.accepting([items[1]]))
            #expect(second.map(\.text) == ["REFERENCE_NUMBER_IN_USE"])
        }
        await rival.close()
    }

    /// The lock is released while the call waits for it.
    @Test("A charge that is unlocked within the lock wait is decided", .database)
    func aChargeThatIsLetGoInTimeIsDecided() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        let locker = try await database.sessionLocking(charge: "N1")
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 300_000 }) {
            (store: Store) async throws in
            async let outcomes = store.decisions.decide(.accepting([.charge("N1")]))
            try await database.waitForLockWaiter()
            try await locker.execute("ROLLBACK")
            #expect(try await outcomes.map(\.text) == ["OK"])
        }
        await locker.close()
    }

    /// Of two items with the same reference, the first that is otherwise valid gets it, even if it must wait.
    @Test("An item that waits for a lock keeps its turn for its reference number", .database)
    func aHeldItemKeepsItsTurnForItsReference() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        let locker = try await database.sessionLocking(charge: "N1")
        let items = [DecisionItem.charge("N1", reference: "R"), .charge("N2", reference: "R")]
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 300_000 }) {
            (store: Store) async throws in
            async let outcomes = store.decisions.decide(.accepting(items))
            try await database.waitForLockWaiter()
            try await locker.execute("ROLLBACK")
            #expect(try await outcomes.map(\.text) == ["OK", "REFERENCE_NUMBER_IN_USE"])
        }
        await locker.close()
    }

    @Test("A reference number goes to the second item when the first stays locked", .database)
    func whenTheFirstStaysHeldTheSecondHasTheReference() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        let locker = try await database.sessionLocking(charge: "N1")
        let items = [DecisionItem.charge("N1", reference: "R"), .charge("N2", reference: "R")]
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 20_000 }) {
            (store: Store) async throws in
            let outcomes = try await store.decisions.decide(.accepting(items))
            #expect(outcomes.map(\.text) == ["CHARGE_LOCKED", "OK"])
        }
        try await locker.execute("ROLLBACK")
        await locker.close()
    }

    /// No answer says that an item of the call has a reference that it did not get.
    @Test(
        "Two items that want one reference number share the outcome of waiting for it", .database,
        arguments: [false, true])
    func theSecondOfTwoSharesTheFateOfTheFirst(rivalCommits: Bool) async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        let rival = try await database.sessionHolding(reference: "R")
        let items = [DecisionItem.charge("N1", reference: "R"), .charge("N2", reference: "R")]
        try await database.withStore(configure: { $0.lockWaitMilliseconds = rivalCommits ? 300_000 : 20_000 })
        {
            (store: Store) async throws in
            async let decided = store.decisions.decide(.accepting(items))
            if rivalCommits {
                try await database.waitForLockWaiter()
                try await rival.execute("COMMIT")
            }
            let outcomes = try await decided
            #expect(outcomes[0] == outcomes[1])
            #expect(outcomes[1].text == (rivalCommits ? "REFERENCE_NUMBER_IN_USE" : "CHARGE_LOCKED"))
        }
        await rival.close()
    }

    /// A charge that arrives while others are waited for was not locked, and is not decided.
    @Test("A charge that arrives during the lock wait is not decided without a lock", .database)
    func aChargeThatComesInDuringTheWaitIsNotDecidedUnlocked() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(1, prefix: "N")
        let locker = try await database.sessionLocking(charge: "N1")
        let decider = TestSession(database.ownerParameters)
        async let outcomes = decider.texts(
            """
            SELECT outcome FROM countersign.decide(
                gen_random_uuid(), 8000, '{1,1}', '{infinity,infinity}', '{tester,tester}', '{NULL,NULL}',
                '{ACCEPTED,ACCEPTED}', '{M1,N1}', '{cM1,cN1}', '{NULL,NULL}')
            """)
        try await database.waitForLockWaiter()
        try await database.addCharges(1, prefix: "M")
        try await locker.execute("ROLLBACK")
        #expect(try await outcomes == ["CHARGE_LOCKED", "DECIDED"])
        await locker.close()
        await decider.close()
    }
}

extension StoreConfiguration {
    /// Makes calls wait for locks briefly. A charge that was locked is in the next batch again, whose call has more time.
    mutating func waitsBriefly() {
        lockWaitMilliseconds = 200
        lockedKeyTime = .zero
    }
}

extension TestDatabase {
    /// Opens a session with a transaction that locks a charge. The caller ends the transaction and closes the session.
    func sessionLocking(charge number: String) async throws -> TestSession {
        let session = TestSession(ownerParameters)
        try await session.execute(
            "BEGIN; SELECT FROM countersign.charge WHERE number = '\(number)' FOR UPDATE")
        return session
    }

    /// Opens a session with a transaction that has taken a reference number of the first operator for a charge outside of
    /// the tests' own. The caller ends the transaction and closes the session.
    func sessionHolding(reference: String) async throws -> TestSession {
        let session = TestSession(ownerParameters)
        try await session.execute(
            """
            BEGIN;
            INSERT INTO countersign.charge_history (operator_id, number, revision, kind, made_by, made_on,
                reference_number, takes_reference, batch_id)
            VALUES (1, 'elsewhere', 1, 'ACCEPTED', 'operator', now(), '\(reference)', true, gen_random_uuid())
            """)
        return session
    }

    /// Returns once a session of this database waits for a lock.
    func waitForLockWaiter() async throws {
        try await session.wait(
            until: """
                EXISTS (
                    SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock')
                """)
    }
}
