import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the figures of an operator's overview.
@Suite struct OverviewTests {
    private let database = TestDatabase.current!

    private func overview(_ store: Store) async throws -> Overview {
        try await store.overviews.overview(
            of: TestDatabase.acme.identifier, deadline: .now + .patience)
    }

    /// Adds charges that were received some hours ago.
    private func addCharges(_ count: Int, prefix: String, hoursAgo: Int, operatorIdentifier: Int64 = 1)
        async throws
    {
        try await database.addCharges(count, prefix: prefix, operatorIdentifier: operatorIdentifier)
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET received_on = now() - interval '\(hoursAgo) hours'
            WHERE number ~ '^\(prefix)[0-9]'
            """)
    }

    private func decide(_ condition: String) async throws {
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET revision = 1, decision = 'ACCEPTED', decided_on = now(),
                decision_made_by = 'operator'
            WHERE \(condition)
            """)
    }

    @Test("An operator without charges has zeros, and 14 days without decisions", .database)
    func nothing() async throws {
        try await database.addCharges(2, prefix: "G", operatorIdentifier: 2)
        try await database.withStore { (store: Store) async throws in
            let overview = try await overview(store)
            let zeros = Array(repeating: BoundedCount.exactly(0), count: 4)
            #expect(
                overview.undecided
                    == UndecidedCharges(byAge: zeros, byDeadline: nil, oldestReceivedOn: nil))
            #expect(overview.processed.map(\.status) == ChargeStatusFilter.processed.statuses)
            #expect(overview.processed.map(\.count) == zeros)
            #expect(overview.failedItems == [])
            #expect(overview.decisions.count == Overview.decisionDayCount)
            #expect(
                overview.decisions.allSatisfy { $0.accepted == .exactly(0) && $0.declined == .exactly(0) })
            let days = overview.decisions.map(\.day.secondsSince1970)
            #expect(zip(days, days.dropFirst()).allSatisfy { $1 - $0 == 86400 })
        }
    }

    @Test("Undecided charges are counted by age, and those that are decided or processed are not", .database)
    func undecidedByAge() async throws {
        for (count, prefix, hours) in [
            (1, "A", 23), (2, "B", 25), (3, "C", 73), (4, "D", 169), (2, "P", 400),
        ] {
            try await addCharges(count, prefix: prefix, hoursAgo: hours)
        }
        try await decide("number = 'P1'")
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET charge_status = 'BAD_REQUEST', set_as_bad_request_on = now()
            WHERE number = 'P2'
            """)
        try await database.withStore { (store: Store) async throws in
            var overview = try await overview(store)
            #expect(overview.undecided.byAge == [.exactly(1), .exactly(2), .exactly(3), .exactly(4)])
            #expect(overview.undecided.byDeadline == nil)
            let oldest = try await database.session.texts(
                "SELECT received_on::text FROM countersign.charge WHERE number = 'D1'")
            let read = try await database.session.texts(
                """
                SELECT (timestamptz '2000-01-01 00:00Z' + interval '1 microsecond'
                    * \(overview.undecided.oldestReceivedOn?.microsecondsSince2000 ?? 0))::text
                """)
            #expect(read == oldest)
            try await decide("number ~ '[BD]'")
            overview = try await self.overview(store)
            #expect(overview.undecided.byAge == [.exactly(1), .exactly(0), .exactly(3), .exactly(0)])
        }
    }

    @Test(
        "Undecided charges are counted by the time at which the policy decides them, unless it is to hold",
        .database)
    func undecidedByDeadline() async throws {
        for (count, prefix, hours) in [(1, "A", 241), (2, "B", 230), (3, "C", 200), (4, "D", 100)] {
            try await addCharges(count, prefix: prefix, hoursAgo: hours)
        }
        // An import is an arrival, whatever time of receipt it brings.
        try await addCharges(5, prefix: "I", hoursAgo: 9000)
        try await addCharges(1, prefix: "X", hoursAgo: 241)
        try await decide("number = 'X1'")
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET imported_on = now() - interval '230 hours' WHERE number ~ 'I';
            UPDATE countersign.operator SET undecided_policy = 'accept', undecided_window = '240 hours',
                undecided_counts_from = '2020-01-01 00:00Z'
            """)
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await overview(store).undecided.byDeadline
                    == [.exactly(1), .exactly(7), .exactly(3), .exactly(4)])
            try await database.session.execute("UPDATE countersign.operator SET suspended_on = now()")
            #expect(try await overview(store).undecided.byDeadline == nil)
            try await database.withoutTriggers(
                "UPDATE countersign.operator SET suspended_on = NULL, undecided_policy = 'hold'")
            #expect(try await overview(store).undecided.byDeadline == nil)
        }
    }

    @Test("Counts are exact up to 10,000, and beyond that say so", .database)
    func countsAreBounded() async throws {
        try await addCharges(10_001, prefix: "U", hoursAgo: 2)
        try await addCharges(10_001, prefix: "P", hoursAgo: 2)
        try await database.withoutTriggers(
            """
            UPDATE countersign.charge SET charge_status = 'REJECTED', set_as_rejected_request_on = now()
            WHERE number ~ '^P';
            UPDATE countersign.operator SET undecided_policy = 'accept', undecided_window = '1 hour'
            """)
        try await database.withStore { (store: Store) async throws in
            func expect(_ expected: BoundedCount) async throws {
                let overview = try await overview(store)
                #expect(overview.undecided.byAge == [expected, .exactly(0), .exactly(0), .exactly(0)])
                #expect(overview.undecided.byDeadline?.contains(expected) == true)
                #expect(overview.processed.map(\.count) == [.exactly(0), .exactly(0), .exactly(0), expected])
            }
            try await expect(.moreThanLimit)
            try await decide("number = 'U77'")
            try await database.withoutTriggers(
                "UPDATE countersign.charge SET acknowledged_on = now() WHERE number = 'P77'")
            try await expect(.exactly(10_000))
            try await decide("number ~ '^U' AND number <> 'U78' AND revision = 0")
            try await database.withoutTriggers(
                """
                UPDATE countersign.charge SET acknowledged_on = now()
                WHERE number ~ '^P' AND number <> 'P78' AND acknowledged_on IS NULL
                """)
            try await expect(.exactly(1))
        }
    }

    @Test(
        "Undecided charges behind more decided ones than are looked at are told as a lower bound", .database)
    func aLongWalkEnds() async throws {
        try await addCharges(20_000, prefix: "N", hoursAgo: 2)
        try await decide("number ~ '^N'")
        try await addCharges(1, prefix: "L", hoursAgo: 1)
        try await addCharges(1, prefix: "F", hoursAgo: 3)
        try await database.withoutTriggers(
            """
            UPDATE countersign.operator SET undecided_policy = 'accept', undecided_window = '72 hours',
                undecided_counts_from = '2020-01-01 00:00Z'
            """)
        try await database.withStore { (store: Store) async throws in
            let overview = try await overview(store)
            #expect(overview.undecided.byAge == [.atLeast(1), .exactly(0), .exactly(0), .exactly(0)])
            // The policy decides none of the others earlier.
            #expect(overview.undecided.byDeadline == [.exactly(0), .exactly(0), .atLeast(1), .atLeast(0)])
        }
    }

    @Test("Failed items are counted by code, of a day and of seven", .database)
    func failedItems() async throws {
        try await database.session.execute(
            """
            INSERT INTO countersign.failed_item_count (operator_id, counted_on, kind, error_code, count)
            SELECT operator_id, date_trunc('hour', now(), 'UTC') - hours * interval '1 hour', kind, code, count
            FROM (VALUES
                (1, 0, 'ACCEPTED', 'CHARGE_NOT_FOUND', 3), (1, 23, 'DECLINED', 'CHARGE_NOT_FOUND', 4),
                (1, 24, 'ACCEPTED', 'CHARGE_NOT_FOUND', 10), (1, 167, 'ACCEPTED', 'CUSTOMER_MISMATCH', 50),
                (1, 168, 'ACCEPTED', 'CUSTOMER_MISMATCH', 100), (1, 500, 'ACCEPTED', 'CHARGE_LOCKED', 100),
                (2, 0, 'ACCEPTED', 'CHARGE_NOT_FOUND', 1000)
            ) AS failed (operator_id, hours, kind, code, count)
            """)
        try await database.withStore { (store: Store) async throws in
            #expect(
                try await overview(store).failedItems == [
                    FailedItems(code: "CUSTOMER_MISMATCH", lastDay: 0, lastWeek: 50),
                    FailedItems(code: "CHARGE_NOT_FOUND", lastDay: 7, lastWeek: 17),
                ])
        }
    }

    @Test("Decisions are counted by day, from statements and from what was published since", .database)
    func decisionsByDay() async throws {
        try await database.beginDay()
        try await database.addCharges(6, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2"), .charge("N3")]))
            try await database.process("N1")
            let statement = try await database.closeStatement()
            #expect(statement.lastEventNumber == 4)
            _ = try await store.decisions.decide(.call(.decline, [.charge("N3"), .charge("N4")]))
            _ = try await store.decisions.decide(.accepting([.charge("N5")]))
            _ = try await store.read(.beginning, limit: 100)
            func today() async throws -> DecisionDay {
                try #require(try await overview(store).decisions.last)
            }
            #expect(try await today().accepted == .exactly(4))
            #expect(try await today().declined == .exactly(2))
            // The statement's day is that of its beginning.
            try await database.withoutTriggers(
                """
                UPDATE countersign.statement SET begins_on = begins_on - interval '13 days'
                WHERE operator_id = 1 AND number = \(statement.number)
                """)
            #expect(try await today().accepted == .exactly(1))
            #expect(try await overview(store).decisions.first?.accepted == .exactly(3))
            try await database.withoutTriggers("UPDATE countersign.statement SET digest = NULL")
            #expect(try await overview(store).decisions.first?.accepted == .atLeast(3))
            try await database.withoutTriggers(
                "UPDATE countersign.statement SET begins_on = begins_on - interval '1 day'")
            #expect(try await overview(store).decisions.first?.accepted == .exactly(0))
        }
    }
}
