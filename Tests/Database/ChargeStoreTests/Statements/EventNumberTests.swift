import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the events' numbers: per operator, without gaps, in the order of what happened to each charge.
@Suite struct EventNumberTests {
    private var database: TestDatabase { TestDatabase.current }

    @Test("Every decision, outcome and acknowledgement is an event, numbered per operator", .database)
    func everyEventIsNumbered() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.addCharges(1, prefix: "G", operatorIdentifier: 2)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(
                .accepting([.charge("N2", reference: "R2"), .charge("N1", reference: "R1")]))
            await store.publisher.publish(deadline: .now + .seconds(60))
            _ = try await store.decisions.decide(.call(.decline, [.charge("N1")]))
            _ = try await store.decisions.decide(.accepting([.charge("G1")], of: TestDatabase.globex))
            try await database.process("N1", "DECLINED")
            try await database.process("N2")
            _ = try await store.decisions.decide(.call(.acknowledge, [.charge("N2", reference: "K2")]))
        }
        let statement = try await database.closeStatement()
        let events = try await database.events(of: statement)
        #expect(
            events.map(\.summary) == [
                "1 DECISION_ACCEPTED N1", "2 DECISION_ACCEPTED N2", "3 DECISION_DECLINED N1",
                "4 OUTCOME_DECLINED N1",
                "5 OUTCOME_APPROVED N2", "6 ACKNOWLEDGED N2",
            ])
        #expect(events.map { $0.referenceNumber?.string } == ["R1", "R2", nil, nil, "R2", "K2"])
        #expect(events.map(\.revision) == [1, 1, 2, 2, 1, 1])
        #expect(
            events.map(\.madeBy) == ["operator", "operator", "operator", "provider", "provider", "operator"])
        let others = try await database.closeStatement(operatorCode: "GLOBEX")
        #expect(try await database.events(of: others).map(\.summary) == ["1 DECISION_ACCEPTED G1"])
    }

    @Test("A repeated outcome is no second event", .database)
    func aRepeatIsNoEvent() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.process("N1", "REJECTED")
        try await database.process("N1", "REJECTED")
        let statement = try await database.closeStatement()
        #expect(try await database.events(of: statement).map(\.summary) == ["1 OUTCOME_REJECTED N1"])
    }

    @Test("An event that commits late is neither waited for nor lost", .database)
    func whatCommitsLateIsNumberedLater() async throws {
        try await database.addCharges(2, prefix: "N")
        let slow = TestSession(database.ownerParameters)
        try await slow.execute(
            """
            BEGIN;
            SELECT FROM countersign.process(
                'outcome', 0, clock_timestamp() + interval '1 minute', ARRAY['ACME'], ARRAY['N1'],
                ARRAY[NULL::integer], ARRAY['REJECTED'])
            """)
        try await database.process("N2", "REJECTED")
        let first = try await database.closeStatement()
        #expect(try await database.events(of: first).map(\.summary) == ["1 OUTCOME_REJECTED N2"])
        try await slow.execute("COMMIT")
        await slow.close()
        let second = try await database.closeStatement()
        #expect(try await database.events(of: second).map(\.summary) == ["2 OUTCOME_REJECTED N1"])
    }
}
