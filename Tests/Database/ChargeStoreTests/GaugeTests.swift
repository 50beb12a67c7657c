import ChargeStore
import Charges
import Telemetry
import TestSupport
import Testing

/// Tests of the values that `/metrics` reads from the database.
@Suite struct GaugeTests {
    private let database = TestDatabase.current!

    private func value(_ metric: Metric, of store: Store) async -> Double? {
        await store.gauges(deadline: .now + .seconds(60)).first { $0.metric == metric }?.value
    }

    @Test("Gauges report the age of the oldest undecided charge and the feed's lag", .database)
    func theOldestUndecidedChargeAndTheFeedsLagAreReported() async throws {
        try await database.withStore { (store: Store) async throws in
            #expect(await value(.oldestUndecidedSeconds, of: store) == 0)
            #expect(await value(.feedLagSeconds, of: store) == 0)
            try await database.addCharges(2, prefix: "N")
            try await database.session.execute(
                """
                UPDATE countersign.charge SET received_on = now() - interval '2 hours' WHERE number = 'N1';
                UPDATE countersign.charge SET received_on = now() - interval '1 hour' WHERE number = 'N2'
                """)
            #expect(try #require(await value(.oldestUndecidedSeconds, of: store)) >= 7200)
            _ = try await store.decisions.decide(.call(.accept, [.charge("N1")]))
            let left = try #require(await value(.oldestUndecidedSeconds, of: store))
            #expect(left >= 3600 && left < 7200)
            try await database.session.execute(
                "UPDATE countersign.charge_history SET made_on = now() - interval '5 minutes'")
            #expect(try #require(await value(.feedLagSeconds, of: store)) >= 300)
            #expect(await store.publisher.publish(deadline: .now + .seconds(60)) == 1)
            #expect(await value(.feedLagSeconds, of: store) == 0)
        }
    }
}
