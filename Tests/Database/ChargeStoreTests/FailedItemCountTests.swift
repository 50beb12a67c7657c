@testable import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the counts of failed items.
@Suite struct FailedItemCountTests {
    private static let counts = """
        SELECT concat_ws(' ', operator, call, error_code, sum(failed_items))
        FROM reporting.failed_items GROUP BY operator, call, error_code ORDER BY 1
        """

    @Test("Failed items are counted by operator, call and code, and stored on request", .database)
    func failuresAreCountedByCode() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for _ in 0..<2 {
                _ = try await store.decisions.decide(
                    .accepting([.charge("N1"), .charge("no1"), .charge("no2"), .charge("x"), .charge("x")]))
            }
            _ = try await store.decisions.decide(
                .accepting([.charge("N1")], of: TestDatabase.globex, decision: .declined))
            #expect(try await database.session.texts(Self.counts).isEmpty)
            await store.storeFailedItems(deadline: .now + .patience)
            _ = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
            // Counts that are stored a second time add up.
            await store.storeFailedItems(deadline: .now + .patience)
            await store.storeFailedItems(deadline: .now + .patience)
        }
        #expect(
            try await database.session.texts(Self.counts) == [
                "ACME accept CHARGE_ALREADY_ACCEPTED 2", "ACME accept CHARGE_NOT_FOUND 4",
                "ACME accept DUPLICATE_IN_REQUEST 4", "GLOBEX decline CHARGE_NOT_FOUND 1",
            ])
    }

    @Test("Counts that could not be stored are kept for the next time", .database)
    func whatCouldNotBeStoredIsKept() async throws {
        let database = TestDatabase.current!
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("no")]))
            try await database.session.execute(
                "ALTER TABLE countersign.failed_item_count RENAME TO elsewhere")
            await store.storeFailedItems(deadline: .now + .patience)
            try await database.session.execute(
                "ALTER TABLE countersign.elsewhere RENAME TO failed_item_count")
            await store.storeFailedItems(deadline: .now + .patience)
        }
        #expect(try await database.session.texts(Self.counts) == ["ACME accept CHARGE_NOT_FOUND 1"])
    }
}
