import Charges
import ConnectionPool
import LibPQ
import Scheduling
import Telemetry
import TestSupport
import Testing

@testable import ChargeStore

/// Tests that a charge or reference that another session holds costs the calls that want it, and no others: whatever
/// kind of lock it is, and however often its operator calls.
@Suite struct LockedChargeTests {
    private let database = TestDatabase.current!

    @Test(
        "The fast path passes over a charge that is locked, and decides it once it is not", .database,
        arguments: HeldLock.ofCharges)
    func aLockedChargeIsPassedOver(_ lock: HeldLock) async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            try await database.holding(lock) { (holder: LockHolder) async throws in
                #expect(try await decided(["N1", "N2"], in: store) == [false, true])
                try await holder.release()
                // The row still names whoever held it.
                #expect(try await decided(["N1", "N3"], in: store) == [true, true])
            }
        }
    }

    @Test("The fast path decides a charge that others hold in a way that lets an update pass", .database)
    func aLockOnTheKeyIsNoHindrance() async throws {
        try await database.addCharges(1, prefix: "N")
        let sessions = [TestSession(database.ownerParameters), TestSession(database.ownerParameters)]
        for session in sessions {
            try await session.execute(
                "BEGIN; SELECT FROM countersign.charge WHERE number = 'N1' FOR KEY SHARE")
        }
        try await database.withStore { (store: Store) async throws in
            #expect(try await decided(["N1"], in: store) == [true])
            // The new version of the row has inherited the lock.
            #expect(try await decided(["N1"], .declined, in: store) == [true])
        }
        for session in sessions { await session.close() }
    }

    @Test("A lock that has ended is no hindrance while an older transaction goes on", .database)
    func anEndedLockIsNoHindranceBesideAnOlderTransaction() async throws {
        try await database.addCharges(1, prefix: "N")
        let older = TestSession(database.ownerParameters)
        try await older.execute("BEGIN; SELECT pg_current_xact_id()")
        try await database.holding(.update) { _ in }
        try await database.withStore { (store: Store) async throws in
            #expect(try await decided(["N1"], in: store) == [true])
        }
        await older.close()
    }

    @Test(
        "What one operator repeats on 16 connections makes batches wait for its lock at most once", .database,
        arguments: HeldLock.allCases)
    func repeatedCallsMakeNoBatchWait(_ lock: HeldLock) async throws {
        try await database.addCharges(16, prefix: "N")
        try await database.addCharges(100, prefix: "M", operatorIdentifier: 2)
        let metrics = MetricsRecorder()
        try await database.holding(lock) { (_: LockHolder) async throws in
            try await database.withStore(
                metrics: metrics,
                configure: {
                    $0.lockWaitMilliseconds = 100
                    $0.lockedKeyTime = .seconds(3600)
                }
            ) { (store: Store) async throws in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for connection in 1...16 {
                        // A reference number is wanted for charges that nobody holds.
                        let number = lock.isOfReference ? "N\(connection)" : "N1"
                        group.addTask {
                            for _ in 1...5 {
                                let codes = try await codes(number, in: store)
                                #expect(codes == ["CHARGE_LOCKED"])
                            }
                        }
                    }
                    for number in 1...100 {
                        let outcomes = try await store.decisions.decide(
                            .accepting([.charge("M\(number)")], of: TestDatabase.globex))
                        #expect(outcomes.map(\.text) == ["OK"])
                    }
                    try await group.waitForAll()
                }
            }
        }
        #expect(metrics.count(.batchLockTimeouts) == (lock.isOfReference ? 1 : 0))
        if lock.isOfReference { #expect(metrics.count(.lockedItems, event: "kept_out") == 79) }
    }

    @Test(
        "Calls for what is locked occupy the waiting connections alone, and are bounded", .database,
        arguments: HeldLock.ofReferences)
    func repeatedCallsOccupyTheWaitingConnectionsAlone(_ lock: HeldLock) async throws {
        try await database.addCharges(17, prefix: "N")
        try await database.addCharges(1, prefix: "M", operatorIdentifier: 2)
        let metrics = MetricsRecorder()
        try await database.withStore(
            metrics: metrics,
            configure: {
                $0.maximumConnections = 1
                $0.lockWaitMilliseconds = 50_000
                $0.lockedKeyTime = .seconds(3600)
            }
        ) { (store: Store) async throws in
            try await database.holding(lock) { (holder: LockHolder) async throws in
                try await withThrowingTaskGroup(of: [String].self) { group in
                    for number in 1...2 { group.addTask { try await codes("N\(number)", in: store) } }
                    try await wait(until: { store.pools[1].pool.statistics.leased == 2 })
                    // Eight more may wait for the two connections, and the others are refused.
                    for number in 3...17 { group.addTask { try await codes("N\(number)", in: store) } }
                    var answered: [String] = []
                    while answered.count < 7 { answered += try await group.next() ?? [] }
                    #expect(Set(answered) == ["CHARGE_LOCKED"])
                    #expect(store.pools[1].pool.statistics.waiting == 8)
                    #expect(store.pools[0].pool.statistics.leased == 0)
                    let outcomes = try await store.decisions.decide(
                        .accepting([.charge("M1")], of: TestDatabase.globex))
                    #expect(outcomes.map(\.text) == ["OK"])
                    try await holder.release()
                    let rest = try await group.reduce(into: []) { $0 += $1 }
                    #expect(rest.count { $0 == "OK" } == 1)
                }
            }
        }
        #expect(metrics.count(.batchLockTimeouts) == 1)
        #expect(metrics.count(.lockedItems, event: "kept_out") == 16)
    }

    @Test("An item that stays out of batches keeps its turn for its reference number", .database)
    func anItemThatStaysOutKeepsItsTurn() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore(configure: { $0.lockWaitMilliseconds = 50_000 }) {
            (store: Store) async throws in
            try await database.holding(.update) { (holder: LockHolder) async throws in
                let call = DecisionCall.accepting([
                    .charge("N1", reference: "R"), .charge("N2", reference: "R"), .charge("N3"),
                ])
                keepOut([0], of: call, in: store)
                async let outcomes = store.decisions.decide(call)
                try await database.waitForLockWaiter()
                // The others of the call were not kept waiting.
                #expect(
                    try await database.session.texts(
                        "SELECT number FROM countersign.charge WHERE decision IS NOT NULL") == ["N3"])
                try await holder.release()
                #expect(try await outcomes.map(\.text) == ["OK", "REFERENCE_NUMBER_IN_USE", "OK"])
            }
        }
    }

    @Test("A charge that stays out of batches is decided as soon as nobody holds it", .database)
    func whatStaysOutIsDecided() async throws {
        try await database.addCharges(1, prefix: "N")
        let metrics = MetricsRecorder()
        try await database.withStore(
            metrics: metrics,
            configure: {
                $0.lockWaitMilliseconds = 50_000
                $0.lockedKeyTime = .seconds(3600)
            }
        ) { (store: Store) async throws in
            let call = DecisionCall.accepting([.charge("N1", reference: "R")])
            keepOut([0], of: call, in: store)
            #expect(try await store.decisions.decide(call).map(\.text) == ["OK"])
        }
        #expect(metrics.count(.lockedItems, event: "found") == 1)
        #expect(metrics.count(.lockedItems, event: "kept_out") == 1)
    }

    /// The outcome of accepting a charge under the reference number `R`.
    private func codes(_ number: String, in store: Store) async throws -> [String] {
        try await store.decisions.decide(.accepting([.charge(number, reference: "R")])).map(\.text)
    }

    /// Whether the fast path alone decides each charge, in the order given.
    private func decided(_ numbers: [String], _ decision: Decision = .accepted, in store: Store) async throws
        -> [Bool]
    {
        let call = DecisionCall.accepting(numbers.map { .charge($0) }, decision: decision)
        let queued = QueuedCall(
            call, items: Array(call.items.indices),
            budget: DeadlineBudget(answerBy: call.deadline, keeping: .decision), clock: nil)
        let path = FastPath(batch: DecisionBatch([queued]))
        let verdicts = try await store.pool.withConnection(deadline: call.deadline) {
            lease throws(PostgresError) in
            try path.decide(on: lease)
        }
        return path.batch.byCall(verdicts)[0].map { $0 != nil }
    }

    private func keepOut(_ items: [Int], of call: DecisionCall, in store: Store) {
        let counting = store.decisions as? CountingDecisionRepository
        let repository = counting?.decisions as? PostgresDecisionRepository
        repository?.batcher.keepOut(items, of: call)
    }
}

extension MetricsRecorder {
    /// The value of a counter on the page; 0 if it is not there.
    fileprivate func count(_ metric: Metric, event: String? = nil) -> Int {
        let series = metric.rawValue + (event.map { "{event=\"\($0)\"}" } ?? "") + " "
        let line = page([]).split(separator: "\n").first { $0.hasPrefix(series) }
        return line.flatMap { Int($0.dropFirst(series.count)) } ?? 0
    }
}
