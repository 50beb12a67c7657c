import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the table of docs/api.md, "What makes an item fail": every row, and each two rows that can hold together,
/// for each of the calls.
@Suite struct ItemFailureOrderTests {
    @Test("An item fails with the first code that applies", .database, arguments: ChargeAction.allCases)
    func theFirstReasonThatHoldsIsTheCode(_ action: ChargeAction) async throws {
        let database = TestDatabase.current!
        let situations = FailingItem.all(of: action)
        #expect(situations.count > (action == .acknowledge ? 20 : 50))
        try await database.addCharges(situations.count, prefix: "N")
        // The triggers would refuse some decisions that are made up here.
        try await database.session.execute("SET session_replication_role = replica")
        for situation in situations where !situation.preparation.isEmpty {
            try await database.session.execute(situation.preparation)
        }
        try await database.session.execute("RESET session_replication_role")
        let locker = TestSession(database.ownerParameters)
        let locked = situations.filter { $0.reasons.contains(.locked) }.map { "'\($0.number)'" }
        try await locker.execute(
            "BEGIN; SELECT FROM countersign.charge WHERE number IN (\(locked.joined(separator: ","))) FOR UPDATE"
        )

        try await database.withStore(configure: { $0.waitsBriefly() }) {
            (store: Store) async throws in
            for situation in situations {
                let copies = situation.reasons.contains(.duplicate) ? 2 : 1
                let items = Array(repeating: situation.item, count: copies)
                let outcomes = try await store.decisions.decide(.call(action, items, idempotencyKey: "key"))
                let expected = situation.reasons.min { $0.rawValue < $1.rawValue }!.code(of: action)
                #expect(
                    outcomes.map(\.text) == Array(repeating: expected, count: copies), "\(situation.reasons)")
            }
        }
        try await locker.execute("ROLLBACK")
        await locker.close()
        let decided = try await database.session.count(
            "SELECT count(*) FROM countersign.charge_history WHERE username = 'tester'")
        #expect(decided == 0)
    }

    @Test("A failure's description names the conflicting charge or reference number", .database)
    func whatIsSaidNamesWhatStandsInTheWay() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1", reference: "R1"), .charge("N2")]))
            let outcomes = try await store.decisions.decide(
                .accepting([.charge("N1", reference: "R2"), .charge("N2"), .charge("N3", reference: "R1")]))
            let descriptions = outcomes.map { outcome in
                if case .failed(let failure) = outcome { failure.description } else { "" }
            }
            #expect(
                descriptions == [
                    "The charge is accepted already, under reference number R1, which is not the one in this call.",
                    "The charge is accepted already, without a reference number.",
                    "The reference number names another charge, N1.",
                ])
        }
    }
}
