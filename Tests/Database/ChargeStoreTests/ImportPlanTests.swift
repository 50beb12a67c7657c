import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests that the cost of a line of an import, and of a charge that is sent, does not depend on what is there, nor on
/// what the statistics say of it. The server itself counts the entries that are read.
@Suite struct ImportPlanTests {
    private let database = TestDatabase.current!

    /// What the planner knows of 20,000 charges that are there.
    enum Statistics: String, CaseIterable {
        case none, ofAnEmptyTable, right
    }

    @Test("A line costs a few look-ups, whatever is there", .database, arguments: Statistics.allCases)
    func aLineCostsLookUps(_ statistics: Statistics) async throws {
        try await fill(statistics)
        let before = try await reads()
        #expect(try await importing(1...400, prefix: "M", skipsKnown: false) == 400)
        #expect(try await importing(1...400, prefix: "N", skipsKnown: true) == 0)
        #expect(try await importing(19_801...20_200, prefix: "N", skipsKnown: true) == 200)
        try await expectFewReads(since: before, lines: 1200, statistics)
    }

    @Test(
        "A charge that is sent costs a few look-ups, whatever is there", .database,
        arguments: Statistics.allCases)
    func aSentChargeCostsLookUps(_ statistics: Statistics) async throws {
        try await fill(statistics)
        let before = try await reads()
        try await database.withStore { (store: Store) async throws in
            let charges = (1...500).flatMap { [ProvidedCharge.charge("new\($0)"), .charge("idN\($0)")] }
            let outcomes = try await store.ingest(charges)
            #expect(outcomes.filter { $0.hasSuffix("new") }.count == 500)
        }
        try await expectFewReads(since: before, lines: 1000, statistics)
    }

    private func fill(_ statistics: Statistics) async throws {
        try await database.stopAutovacuum()
        if statistics == .ofAnEmptyTable { try await database.session.execute("ANALYZE") }
        #expect(try await importing(1...20_000, prefix: "N", skipsKnown: false) == 20_000)
        if statistics == .right { try await database.session.execute("ANALYZE") }
    }

    /// Imports decided charges of ACME with numbers, ids and references, and returns how many came in.
    private func importing(_ indices: ClosedRange<Int>, prefix: String, skipsKnown: Bool) async throws -> Int
    {
        let count = try await onThread { [connection = database.administrationConnectionString] in
            let session = try AdministrationSession(database: connection)
            defer { session.close() }
            return try ChargeImport(on: session, skipsKnown: skipsKnown).run { take in
                for index in indices {
                    let columns: [ImportColumn: String] = [
                        .operatorCode: "ACME", .number: "\(prefix)\(index)",
                        .providerChargeIdentifier: "id\(prefix)\(index)", .customer: "c1", .amount: "9.90",
                        .currency: "USD", .localCurrencyAmount: "9.10", .localCurrency: "EUR",
                        .paidThroughDate: "2026-12-01", .receivedOn: "2026-10-01", .decision: "ACCEPTED",
                        .decidedOn: "2026-10-02", .referenceNumber: "R\(prefix)\(index)",
                    ]
                    try take(ImportedCharge(line: index) { columns[$0] })
                }
            }
        }
        try await sessionsEnded()
        return count
    }

    /// Waits until the other sessions have ended: they report their counts then.
    private func sessionsEnded() async throws {
        try await database.session.wait(
            until: """
                NOT EXISTS (
                    SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND usename IN ('countersign_admin', 'countersign_node'))
                """)
    }

    private func expectFewReads(since before: [String: Int], lines: Int, _ statistics: Statistics)
        async throws
    {
        try await sessionsEnded()
        let read = try await reads().map { name, count in (name, count - (before[name] ?? 0)) }
        let excessive = read.filter { $1 > 6 * lines }
        #expect(excessive.isEmpty, "\(statistics)")
        #expect(read.contains { $0.hasPrefix("charge_p") && $1 > 400 }, "\(statistics): \(read)")
    }

    /// The rows that the server has read by scanning each table, and the entries that it has read in each index.
    private func reads() async throws -> [String: Int] {
        try await database.session.execute("SELECT pg_stat_clear_snapshot(), pg_stat_force_next_flush()")
        let counts = try await database.session.texts(
            """
            SELECT relname || ' ' || coalesce(seq_tup_read, 0) FROM pg_stat_user_tables
            WHERE schemaname = 'countersign' AND relname IN ('charge', 'charge_history')
            UNION ALL
            SELECT indexrelname || ' ' || coalesce(idx_tup_read, 0) FROM pg_stat_user_indexes
            WHERE schemaname = 'countersign' AND relname IN ('charge', 'charge_history')
            """)
        let pairs = counts.compactMap { $0?.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Int($0[1]) ?? 0) })
    }
}
