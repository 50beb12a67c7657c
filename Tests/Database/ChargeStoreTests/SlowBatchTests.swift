import ChargeStore
import Charges
import Logging
import Synchronization
import TestSupport
import Testing

/// Tests of the log entries of slow batches.
@Suite struct SlowBatchTests {
    /// What was logged.
    private final class Log: Sendable {
        let events = Mutex<[(message: String, metadata: Logger.Metadata)]>([])
    }

    private struct Handler: LogHandler {
        let log: Log
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.events.withLock { $0.append((event.message.description, event.metadata ?? [:])) }
        }
    }

    @Test(
        "A batch that took longer than the limit is logged with its parts, and no other", .database,
        arguments: [(0, 1), (3_600_000, 0)])
    func slowBatchesAreLogged(limitMilliseconds: Int, count: Int) async throws {
        let database = TestDatabase.current!
        try await database.addCharges(2, prefix: "N")
        var configuration = StoreConfiguration(database: database.applicationConnectionString)
        configuration.slowBatchMilliseconds = limitMilliseconds
        let log = Log()
        let store = try Store(configuration, logger: Logger(label: "test") { _ in Handler(log: log) })
        store.start()
        let outcomes = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
        #expect(outcomes.map(\.text) == ["OK", "OK"])
        await store.shutdown(deadline: .now + .patience)
        let slow = log.events.withLock { $0.filter { $0.message == "a batch was slow" } }
        #expect(slow.count == count)
        for (_, fields) in slow {
            #expect(fields["calls"] == "1" && fields["items"] == "2" && fields["path"] == "fast")
            #expect(Int(fields["waiting_milliseconds"]?.description ?? "") != nil)
            #expect(Int(fields["database_milliseconds"]?.description ?? "") != nil)
        }
    }
}
