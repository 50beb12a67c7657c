import Authentication
import ChargeStore
import Authentication
import Charges
import TestSupport
import Testing

/// Tests of closing: by any node, once, at the ends of days whatever the clocks do.
@Suite struct StatementClosingTests {
    private var database: TestDatabase { TestDatabase.current }

    @Test("Deciding and closing raced: every event is in exactly one statement", .database)
    func everyEventIsInOneStatement() async throws {
        let count = 120
        try await database.addCharges(count, prefix: "N")
        let database = database
        try await database.withStore { (one: Store) async throws in
            try await database.withStore { (other: Store) async throws in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (offset, store) in [one, other].enumerated() {
                        group.addTask {
                            for place in stride(from: 1 + offset, through: count, by: 2) {
                                _ = try await store.decisions.decide(.accepting([.charge("N\(place)")]))
                                try await database.process("N\(place)")
                            }
                        }
                    }
                    for store in [one, other] {
                        group.addTask {
                            for _ in 1...20 { await store.statementCloser.run() }
                        }
                    }
                    group.addTask {
                        for _ in 1...10 { try await database.closeStatement() }
                    }
                    try await group.waitForAll()
                }
            }
        }
        try await database.closeStatement()
        let statements = try await database.statements().reversed()
        #expect(statements.count == 11)
        var events: [StatementEvent] = []
        for statement in statements {
            #expect(statement.digest != nil)
            events += try await database.events(of: statement)
        }
        #expect(events.map(\.eventNumber) == Array(1...Int64(2 * count)))
        #expect(Set(events.map { "\($0.kind) \($0.number)" }).count == 2 * count)
    }

    @Test("Days that no node closed are closed one by one, each with its own events", .database)
    func missedDaysAreClosedLater() async throws {
        try await database.beginDay()
        try await database.addCharges(3, prefix: "N")
        for number in ["N1", "N2", "N3"] {
            try await database.process(number, "REJECTED")
            try await database.session.execute("SELECT countersign.publish_decisions(0)")
        }
        // As if the events had been published three, two and one days ago.
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.event_batch SET published_on = published_on - (4 - last_event_number) * interval '1 day';
            UPDATE countersign.operator SET created_on = created_on - interval '5 days';
            UPDATE countersign.statement_schedule SET next_end_on = next_end_on - interval '4 days';
            RESET session_replication_role
            """)
        try await database.withStore { (store: Store) async throws in await store.statementCloser.run() }
        let statements = Array(try await database.statements().reversed())
        #expect(statements.map(\.eventCount) == [0, 1, 1, 1])
        #expect(zip(statements, statements.dropFirst()).allSatisfy { $0.endsOn == $1.beginsOn })
        // The operator's midnight is a full hour in UTC.
        #expect(statements.allSatisfy { $0.endsOn.text.hasSuffix(":00:00") })
        #expect(statements.allSatisfy { $0.digest != nil })
        try await database.withStore { (store: Store) async throws in await store.statementCloser.run() }
        #expect(try await database.statements().count == 4)
    }

    @Test("A clock that is set back moves no event into a closed statement", .database)
    func aClockSetBackMovesNothing() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.process("N1", "REJECTED")
        // The clock was three days ahead when the last publication was made.
        try await database.session.execute(
            "UPDATE countersign.feed SET last_published_on = clock_timestamp() + interval '3 days'")
        let first = try await database.closeStatement()
        try await database.process("N2", "REJECTED")
        let second = try await database.closeStatement()
        #expect(try await database.events(of: first).map(\.summary) == ["1 OUTCOME_REJECTED N1"])
        #expect(try await database.events(of: second).map(\.summary) == ["2 OUTCOME_REJECTED N2"])
        #expect(first.endsOn == second.beginsOn && second.beginsOn < second.endsOn)
        #expect(
            try await database.session.texts(
                """
                SELECT bool_and(next_end_on > ends_on)::text
                FROM countersign.statement_schedule JOIN countersign.statement USING (operator_id)
                """) == ["true"])
    }

    /// A day ends at the first moment of the next date. The zones have days without midnight, with two of them, days that
    /// were left out and days that came twice.
    @Test("A day ends at the first moment of the next date, in every zone", .database)
    func daysEndWithTheirDates() async throws {
        let wrong = try await database.session.texts(
            """
            WITH moment AS (
                SELECT zone.name, '1970-01-01Z'::timestamptz + random_seconds * interval '1 second' AS moment
                FROM pg_timezone_names AS zone,
                    LATERAL (SELECT (1830297600 * ((hashtext(zone.name || draw) & 1048575) / 1048576.0))::bigint
                        AS random_seconds FROM generate_series(1, 10) AS draw) AS drawn
                WHERE zone.name !~ '^(posix/|right/)'
                UNION ALL
                SELECT zone, middle + step * interval '13 minutes'
                FROM (VALUES
                    ('Pacific/Apia', timestamptz '2011-12-30 12:00Z'), ('Pacific/Kwajalein', '1993-08-21 12:00Z'),
                    ('America/Sao_Paulo', '2018-11-04 03:00Z'), ('America/Havana', '2023-11-05 05:00Z'),
                    ('Asia/Beirut', '2023-03-25 22:00Z'), ('Africa/Cairo', '2023-10-26 21:00Z'),
                    ('America/Scoresbysund', '2024-03-31 01:00Z'), ('Asia/Amman', '2021-10-28 22:00Z')
                ) AS odd (zone, middle), generate_series(-200, 200) AS step
            ), ended AS (
                SELECT *, countersign.end_of_day(moment, name) AS ends_on FROM moment
            )
            SELECT name || ' ' || moment || ' ' || ends_on FROM ended
            WHERE ends_on <= moment
                OR ends_on > moment + interval '50 hours'
                OR (ends_on AT TIME ZONE name)::date <= reporting.day(moment, name)
                OR reporting.day(ends_on - interval '1 microsecond', name) <> reporting.day(moment, name)
            """)
        #expect(wrong == [])
    }

    @Test("A new zone counts from the end of the statement under way", .database)
    func aNewZoneCountsFromTheNextEnd() async throws {
        let before = try await nextEnd()
        try await setZone("Asia/Tokyo")
        #expect(try await nextEnd() == before)
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.operator SET created_on = created_on - interval '5 days';
            UPDATE countersign.statement_schedule SET next_end_on = next_end_on - interval '2 days';
            RESET session_replication_role
            """)
        try await setZone("America/New_York")
        // The one that was due ended by the zone of before.
        #expect(
            try await database.session.texts(
                """
                SELECT ((next_end_on AT TIME ZONE 'Asia/Tokyo')::time)::text FROM countersign.statement_schedule
                WHERE operator_id = 1
                """) == ["00:00:00"])
        await #expect(throws: AdministrationFailure.self) { try await setZone("Mars/Olympus") }
    }

    private func nextEnd() async throws -> [String?] {
        try await database.session.texts(
            "SELECT next_end_on::text FROM countersign.statement_schedule WHERE operator_id = 1")
    }

    private func setZone(_ zone: String) async throws {
        let connectionString = database.administrationConnectionString
        try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            var change = OperatorChange()
            change.zone = zone
            try session.change(operator: "ACME", change)
        }
    }

    @Test("One flipped digit among a hundred statements is named by its digest", .database)
    func damageIsNamed() async throws {
        try await database.addCharges(100, prefix: "N")
        for place in 1...100 {
            try await database.process("N\(place)", "REJECTED")
            try await database.session.execute("SELECT countersign.close_statements(0, 'ACME')")
        }
        try await database.withStore { (store: Store) async throws in await store.statementCloser.run() }
        #expect(try await damaged() == [])
        try await database.session.execute(
            """
            SET session_replication_role = replica;
            UPDATE countersign.charge SET amount = 9.80 WHERE number = 'N57';
            RESET session_replication_role
            """)
        #expect(try await damaged() == [57])
    }

    /// The statements whose digest is not that of their events.
    private func damaged() async throws -> [Int] {
        let connectionString = database.administrationConnectionString
        return try await onThread {
            let session = try AdministrationSession(database: connectionString)
            defer { session.close() }
            let statements = Array(try session.statements(operatorCode: "ACME").reversed())
            return try statements.enumerated().compactMap { place, statement in
                let predecessors = place > 0 ? [statements[place - 1].digest!] : []
                let digest = try session.writeStatement(statement, after: predecessors) { _ in }
                return digest == statement.digest ? nil : statement.number
            }
        }
    }
}
