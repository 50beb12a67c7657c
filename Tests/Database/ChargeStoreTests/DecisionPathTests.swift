import Charges
import ConnectionPool
import LibPQ
import Scheduling
import TestSupport
import Testing

@testable import ChargeStore

/// Tests that the two paths of deciding have the same rules, which each of them has in SQL of its own: the fast path as
/// conditions of its statement, the slow path as `countersign.explain_refusal`.
@Suite struct DecisionPathTests {
    private var database: TestDatabase { TestDatabase.current }

    /// A rule that one path lacks is noticed only for reasons that the other test has.
    @Test("Every failure code is tested")
    func everyCodeIsTested() {
        let tested = ChargeAction.allCases.flatMap { action in
            Reason.allCases.filter { $0.exists(for: action) }.map { $0.code(of: action) }
        }
        #expect(Set(tested) == Set(ItemFailureCode.allCases.map(\.rawValue)))
    }

    @Test(
        "Each path alone refuses an item with the same code, and so does a dry run", .database,
        arguments: ChargeAction.allCases)
    func refusalsAreTheSame(_ action: ChargeAction) async throws {
        // These two are found before either path.
        let situations = FailingItem.all(of: action).filter {
            !$0.reasons.contains(.duplicate) && !$0.reasons.contains(.invalidReference)
        }
        try await prepare(FailingItem.all(of: action).count, situations.map(\.preparation))
        let locker = TestSession(database.ownerParameters)
        let locked = situations.filter { $0.reasons.contains(.locked) }.map { "'\($0.number)'" }
        try await locker.execute(
            "BEGIN; SELECT FROM countersign.charge WHERE number IN (\(locked.joined(separator: ","))) FOR UPDATE"
        )
        try await database.withStore { store in
            for key: ExactText? in ["key", nil] {
                let asked = situations.filter { key != nil || !$0.reasons.contains(.superseded) }
                let call = DecisionCall.call(
                    action, asked.map(\.item), idempotencyKey: key)
                let expected = asked.map { situation in
                    situation.reasons.min { $0.rawValue < $1.rawValue }!.code(of: action)
                }
                #expect(try await slow(call, in: store) == expected)
                let (made, explained) = try await fast(call, in: store)
                #expect(made.allSatisfy { $0 == "none" })
                // The fast path leaves a locked item to the slow one.
                #expect(explained == expected.map { $0 == "CHARGE_LOCKED" ? "none" : $0 })
                // To a dry run no item is locked.
                #expect(
                    try await store.decisions.dryRun(call).map(\.text)
                        == expected.map { $0 == "CHARGE_LOCKED" ? "OK" : $0 })
            }
        }
        try await locker.execute("ROLLBACK")
        await locker.close()
    }

    @Test("Each path alone decides an item that may be decided", .database, arguments: ChargeAction.allCases)
    func decisionsAreTheSame(_ action: ChargeAction) async throws {
        func decided(_ kind: String, by maker: String) -> String {
            "revision = 1, decision = '\(kind)', decided_on = now(), decision_made_by = '\(maker)'"
        }
        let rejected = "charge_status = 'REJECTED', set_as_rejected_request_on = now()"
        let states =
            switch action {
            case .acknowledge: [rejected, rejected + ", " + decided("DECLINED", by: "operator")]
            case .accept:
                [
                    "revision = 0", decided("DECLINED", by: "operator"), decided("DECLINED", by: "policy"),
                    decided("ACCEPTED", by: "policy"),
                ]
            case .decline:
                [
                    "revision = 0", decided("ACCEPTED", by: "operator"), decided("ACCEPTED", by: "policy"),
                    decided("DECLINED", by: "policy"),
                ]
            }
        // The first half is the fast path's, the other one the slow path's.
        try await prepare(
            2 * states.count,
            (states + states).enumerated().map {
                "UPDATE countersign.charge SET \($0.element) WHERE number = 'N\($0.offset + 1)'"
            })
        let items = (1...2 * states.count).map { DecisionItem.charge("N\($0)", reference: "R\($0)") }
        try await database.withStore { store in
            let (made, _) = try await fast(.call(action, Array(items.prefix(states.count))), in: store)
            let slowly = try await slow(.call(action, Array(items.suffix(states.count))), in: store)
            #expect(made == slowly)
            #expect(!made.contains("none"))
            #expect(Set(made).count == 1)
        }
    }

    /// Adds charges `N1`, … and changes them as no node could.
    private func prepare(_ count: Int, _ changes: [String]) async throws {
        try await database.addCharges(count, prefix: "N")
        try await database.session.execute("SET session_replication_role = replica")
        for change in changes where !change.isEmpty { try await database.session.execute(change) }
        try await database.session.execute("RESET session_replication_role")
    }

    private func slow(_ call: DecisionCall, in store: Store) async throws -> [String] {
        let batch = DecisionBatch(queued(call), lockWaitEnds: nil)
        let verdicts = try await store.pool.withConnection(deadline: call.deadline) {
            lease throws(PostgresError) in
            try SlowPath(batch: batch).run(on: lease)
        }
        return verdicts.map(text)
    }

    /// What the fast path decided, and how it explains the rest; "none" where it is silent.
    private func fast(_ call: DecisionCall, in store: Store) async throws -> (
        made: [String], explained: [String]
    ) {
        let path = FastPath(batch: DecisionBatch([queued(call)]))
        let (made, explained) = try await store.pool.withConnection(deadline: call.deadline) {
            lease throws(PostgresError) in
            var verdicts = try path.decide(on: lease)
            let made = verdicts
            path.explain(&verdicts, on: lease)
            return (made, verdicts)
        }
        return (path.batch.byCall(made)[0].map(text), path.batch.byCall(explained)[0].map(text))
    }

    private func queued(_ call: DecisionCall) -> QueuedCall {
        QueuedCall(
            call, items: Array(call.items.indices),
            budget: DeadlineBudget(answerBy: call.deadline, keeping: .decision), clock: nil)
    }

    private func text(_ verdict: DecisionVerdict?) -> String {
        switch verdict {
        case nil: "none"
        case .outcome(let outcome): outcome.text
        case .some(let other): "\(other)"
        }
    }
}
