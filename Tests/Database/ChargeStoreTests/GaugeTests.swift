import ChargeStore
import Charges
import Logging
import Telemetry
import TestSupport
import Testing

/// Tests of the values that `/metrics` reads from the database.
@Suite struct GaugeTests {
    private let database = TestDatabase.current!

    private func value(_ metric: Metric, of store: Store) async -> Double? {
        await store.gauges(deadline: .now + .patience).first { $0.metric == metric }?.value
    }

    @Test("Gauges report the age of the oldest undecided charge and the feed's lag", .database)
    func theOldestUndecidedChargeAndTheFeedsLagAreReported() async throws {
        try await database.withStore { (store: Store) async throws in
            #expect(await value(.oldestUndecidedSeconds, of: store) == 0)
            #expect(await value(.feedLagSeconds, of: store) == 0)
            // The window of an operator on hold never ends, nor does that of a suspended one.
            try await database.addCharges(2, prefix: "N")
            try await database.addCharges(1, prefix: "H", operatorIdentifier: 2)
            try await database.session.execute(
                "UPDATE countersign.operator SET undecided_policy = 'accept' WHERE operator_id = 1")
            try await database.session.execute(
                """
                UPDATE countersign.operator SET undecided_counts_from = now() - interval '1 day';
                UPDATE countersign.charge SET received_on = now() - interval '9 hours' WHERE number = 'H1';
                UPDATE countersign.charge SET received_on = now() - interval '2 hours' WHERE number = 'N1';
                UPDATE countersign.charge SET received_on = now() - interval '1 hour' WHERE number = 'N2'
                """)
            let oldest = try #require(await value(.oldestUndecidedSeconds, of: store))
            #expect(oldest >= 7200 && oldest < 9 * 3600)
            _ = try await store.decisions.decide(.call(.accept, [.charge("N1")]))
            let left = try #require(await value(.oldestUndecidedSeconds, of: store))
            #expect(left >= 3600 && left < 7200)
            try await database.session.execute(
                "UPDATE countersign.charge_history SET made_on = now() - interval '5 minutes'")
            #expect(try #require(await value(.feedLagSeconds, of: store)) >= 300)
            #expect(await value(.unpublishedDecisions, of: store) == 1)
            #expect(await store.publisher.publish(deadline: .now + .patience) == 1)
            #expect(await value(.feedLagSeconds, of: store) == 0)
            #expect(await value(.unpublishedDecisions, of: store) == 0)
            try await database.session.execute(
                "UPDATE countersign.charge SET taken_on = now() - interval '3 hours' WHERE number = 'N1'")
            let taken = try #require(await value(.oldestTakenSeconds, of: store))
            #expect(taken >= 3 * 3600 && taken < 4 * 3600)
            #expect(await value(.databaseUp, of: store) == 1)
        }
    }

    @Test("A statement that is due is reported by the time that it has waited, until it is closed", .database)
    func theOldestDueStatementIsReported() async throws {
        try await database.withStore { (store: Store) async throws in
            #expect(await value(.statementLagSeconds, of: store) == 0)
            try await database.session.execute(
                """
                SET session_replication_role = replica;
                UPDATE countersign.operator SET created_on = created_on - interval '2 days';
                UPDATE countersign.statement_schedule SET next_end_on = now() - interval '2 hours' WHERE operator_id = 1;
                RESET session_replication_role
                """)
            let lag = try #require(await value(.statementLagSeconds, of: store))
            #expect(lag >= 2 * 3600 && lag < 3 * 3600)
            await store.statementCloser.run()
            #expect(await value(.statementLagSeconds, of: store) == 0)
        }
    }

    @Test("A complete pass of the policies is timed, and batches are counted", .database)
    func policiesAndBatches() async throws {
        let metrics = MetricsRecorder()
        try await database.addCharges(3, prefix: "N")
        try await database.withStore(metrics: metrics) { (store: Store) async throws in
            #expect(metrics.page([]).contains("\ncountersign_policies_last_run_timestamp_seconds 0\n"))
            _ = await store.policies.decide()
            #expect(!metrics.page([]).contains("\ncountersign_policies_last_run_timestamp_seconds 0\n"))
            _ = try await store.decisions.decide(
                .call(.accept, [.charge("N1"), .charge("N2"), .charge("N3")]))
            let page = metrics.page([])
            #expect(page.contains("\ncountersign_batch_items_sum 3\n"))
            #expect(page.contains("\ncountersign_batch_calls_sum 1\n"))
            #expect(page.contains("\ncountersign_batch_seconds_count{path=\"fast\"} 1\n"))
        }
    }

    @Test("Without its database the page keeps its series, and says so", .database)
    func withoutDatabase() async throws {
        let configuration = StoreConfiguration(database: "host=/nonexistent")
        let store = try Store(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let gauges = await store.gauges(deadline: .now)
        #expect(gauges.first { $0.metric == .databaseUp }?.value == 0)
        #expect(!gauges.contains { $0.metric == .feedLagSeconds })
        #expect(gauges.contains { $0.metric == .poolWaiting && $0.labels == ["store", "batches"] })
        await store.shutdown(deadline: .now + .patience)
    }
}
