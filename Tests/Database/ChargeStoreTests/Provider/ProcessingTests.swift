import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of taking, releasing and processing charges; their decisions cannot change meanwhile.
@Suite struct ProcessingTests {
    private let database = TestDatabase.current!

    @Test("A taken charge's decision is frozen until it is released or processed", .database)
    func aTakenChargeStandsStillUntilItIsReleasedOrProcessed() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            #expect(try await store.decide("N1") == "OK")
            #expect(try await store.process(.take, [.charge("N1", 1)]) == ["OK"])
            #expect(try await store.process(.take, [.charge("N1", 1)]) == ["OK"])
            #expect(try await store.decide("N1", .declined) == "CHARGE_IN_PROCESS")
            #expect(try await store.process(.release, [.charge("N1", 1)]) == ["OK"])
            #expect(try await store.process(.release, [.charge("N1", 1)]) == ["OK"])
            #expect(try await store.decide("N1", .declined) == "OK")
            // The first taking is released already, and a decision that was never made does not exist.
            #expect(try await store.process(.release, [.charge("N1", 1)]) == ["OK"])
            #expect(try await store.process(.release, [.charge("N1", 3)]) == ["DECISION_CONFLICT"])
            #expect(try await store.process(.take, [.charge("N1", 1)]) == ["DECISION_CONFLICT"])
            #expect(try await store.process(.take, [.charge("N1", 2)]) == ["OK"])
            #expect(try await store.process(.release, [.charge("N1", 1)]) == ["DECISION_CONFLICT"])
            #expect(try await store.process(.outcome, [.charge("N1", 2, outcome: "DECLINED")]) == ["OK"])
            #expect(try await store.decide("N1") == "CHARGE_ALREADY_PROCESSED")
            #expect(try await store.process(.take, [.charge("N1", 2)]) == ["CHARGE_ALREADY_PROCESSED"])
            #expect(try await store.process(.release, [.charge("N1", 2)]) == ["CHARGE_ALREADY_PROCESSED"])
        }
        #expect(
            try await database.session.texts(
                """
                SELECT charge_status || (set_as_declined_on IS NOT NULL)::text || (taken_on IS NULL)::text
                FROM countersign.charge
                """) == ["DECLINEDtruetrue"])
    }

    @Test("An outcome is refused unless it matches the charge's current decision", .database)
    func anOutcomeNeedsItsDecision() async throws {
        try await database.addCharges(8, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for number in ["N1", "N2", "N3"] { #expect(try await store.decide(number) == "OK") }
            #expect(try await store.decide("N4", .declined) == "OK")
            let items: [ProcessingCall.Item] = [
                .charge("N1", outcome: "APPROVED"), .charge("N2", outcome: "DECLINED"),
                .charge("N3", 2, outcome: "APPROVED"), .charge("N4", 1, outcome: "DECLINED"),
                .charge("N5", outcome: "APPROVED"), .charge("N6", outcome: "DECLINED"),
                .charge("N7", outcome: "BAD_REQUEST"), .charge("N8", outcome: "REJECTED"),
            ]
            let outcomes = [
                "OK", "DECISION_CONFLICT", "DECISION_CONFLICT", "OK", "DECISION_REQUIRED",
                "DECISION_REQUIRED",
                "OK", "OK",
            ]
            #expect(try await store.process(.outcome, items) == outcomes)
            // Repeating the call succeeds.
            #expect(try await store.process(.outcome, items) == outcomes)
            #expect(
                try await store.process(
                    .outcome, [.charge("N1", outcome: "REJECTED"), .charge("N2", 2, outcome: "REJECTED")])
                    == ["CHARGE_ALREADY_PROCESSED", "DECISION_CONFLICT"])
        }
    }

    @Test("An item of the provider fails with the first code that applies", .database)
    func theFirstCodeThatHoldsIsTheItems() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await store.process(
                    .outcome,
                    [
                        .charge("twice", outcome: "none", of: "NOBODY"),
                        .charge("twice", outcome: "none", of: "NOBODY"),
                        .charge("N1", outcome: "none", of: "NOBODY"),
                        .charge("N1", outcome: "none", of: "\0"),
                        .charge("absent", outcome: "none"), .charge("\0", outcome: "none"),
                        .charge("N1", outcome: "none", of: "GLOBEX"), .charge("N1", outcome: "PENDING"),
                    ]) == [
                        "DUPLICATE_IN_REQUEST", "DUPLICATE_IN_REQUEST", "OPERATOR_NOT_FOUND",
                        "OPERATOR_NOT_FOUND",
                        "CHARGE_NOT_FOUND", "CHARGE_NOT_FOUND", "CHARGE_NOT_FOUND", "INVALID_OUTCOME",
                    ])
            #expect(try await store.process(.take, [.charge("N1", 1)]) == ["DECISION_REQUIRED"])
        }
    }

    @Test("A locked charge fails alone, and the call's other charges are processed", .database)
    func whatIsHeldAloneIsLocked() async throws {
        try await database.addCharges(3, prefix: "N")
        let holder = TestSession(database.ownerParameters)
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 200 }) {
            (store: Store) async throws in
            try await holder.execute("BEGIN; SELECT FROM countersign.charge WHERE number = 'N2' FOR UPDATE")
            let items = (1...3).map { ProcessingCall.Item.charge("N\($0)", outcome: "REJECTED") }
            #expect(try await store.process(.outcome, items) == ["OK", "CHARGE_LOCKED", "OK"])
            try await holder.execute("ROLLBACK")
            #expect(try await store.process(.outcome, items) == ["OK", "OK", "OK"])
        }
        await holder.close()
    }

    /// The session that holds the lock releases it while the call waits.
    @Test("A charge that is unlocked within the lock wait is processed", .database)
    func whatIsLetGoInTimeIsDone() async throws {
        try await database.addCharges(1, prefix: "N")
        let holder = TestSession(database.ownerParameters)
        try await holder.execute("BEGIN; SELECT FROM countersign.charge FOR UPDATE")
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 300_000 }) {
            (store: Store) async throws in
            async let outcomes = store.process(.outcome, [.charge("N1", outcome: "REJECTED")])
            try await database.waitForLockWaiter()
            try await holder.execute("ROLLBACK")
            #expect(try await outcomes == ["OK"])
        }
        await holder.close()
    }

    /// The first to get the charge decides: it is either taken as accepted, or declined and not taken.
    @Test("Take and decline at the same moment have exactly one winner, without deadlocks", .database)
    func ofTakingAndDecliningAtOnceOneWins() async throws {
        let rounds = 200
        try await database.addCharges(rounds * 4, prefix: "N")
        // The calls have time enough to wait; the queue of waiting calls is short, so only a few rounds run at once.
        let first = try database.makeStore { $0.lockWaitMilliseconds = 300_000 }
        let second = try database.makeStore { $0.lockWaitMilliseconds = 300_000 }
        let gate = Gate(width: 6)
        let wins = try await withThrowingTaskGroup { group in
            for round in 0..<rounds {
                group.addTask {
                    await gate.enter()
                    defer { Task { await gate.leave() } }
                    // The calls name two charges each, in opposite orders, so that locks out of order would deadlock.
                    let numbers = (1...4).map { "N\(round * 4 + $0)" }
                    let accepted = try await first.decisions.decide(.accepting(numbers.map { .charge($0) }))
                    #expect(accepted.allSatisfy { $0.text == "OK" })
                    async let taken = first.process(.take, numbers.map { .charge($0, 1) })
                    async let declined = second.decisions.decide(
                        .accepting(numbers.reversed().map { .charge($0) }, decision: .declined))
                    let pairs = try await zip(taken, Array(declined.reversed().map(\.text)))
                    return pairs.count { pair in
                        pair == ("OK", "CHARGE_IN_PROCESS") || pair == ("DECISION_CONFLICT", "OK")
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wins == rounds * 4)
        #expect(
            try await database.session.count(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0)
        await first.shutdown(deadline: .now + .patience)
        await second.shutdown(deadline: .now + .patience)
    }
}
