import ChargeStore
import Charges
import InMemoryLogging
import Logging
import TestSupport
import Testing

/// Tests of the log entries of slow batches.
@Suite struct SlowBatchTests {
    @Test(
        "A batch that took longer than the limit is logged with its parts, and no other", .database,
        arguments: [(0, 1), (3_600_000, 0)])
    func slowBatchesAreLogged(limitMilliseconds: Int, count: Int) async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        var configuration = StoreConfiguration(database: database.applicationConnectionString)
        configuration.slowBatchMilliseconds = limitMilliseconds
        let log = InMemoryLogHandler()
        let store = try Store(configuration, logger: Logger(label: "test") { _ in log })
        store.start()
        let outcomes = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
        #expect(outcomes.map(\.text) == ["OK", "OK"])
        await store.shutdown(deadline: .now + .patience)
        let slow = log.entries.filter { $0.message == "a batch was slow" }
        #expect(slow.count == count)
        for fields in slow.map(\.metadata) {
            #expect(fields["calls"] == "1" && fields["items"] == "2" && fields["path"] == "fast")
            #expect(Int(fields["waiting_milliseconds"]?.description ?? "") != nil)
            #expect(Int(fields["database_milliseconds"]?.description ?? "") != nil)
        }
    }
}
