import Charges
import ConnectionPool
import TestSupport
import Testing

@testable import ChargeStore

/// A batch has the time of its most urgent call.
@Suite struct BatchDeadlineTests {
    /// Two calls wait for a connection as one batch, until the first of them has no more time.
    @Test(.database) func aCallThatHasTimeLeftIsNotRefusedForOneThatHasNone() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        let locker = TestSession(database.ownerParameters)
        try await locker.execute("BEGIN; LOCK TABLE countersign.operator")
        try await database.withStore(configure: { $0.maximumConnections = 1 }) {
            (store: Store) async throws in
            async let account = store.operators.account(code: "ACME", deadline: .now + .seconds(60))
            try await database.untilSomebodyWaitsForALock()
            func decide(_ number: String, within time: Duration) -> Task<[ItemOutcome], any Error> {
                Task { try await store.decisions.decide(.accepting([.charge(number)], within: time)) }
            }
            // While this one waits for the only connection, the others gather.
            let first = decide("N1", within: .seconds(1))
            while store.statistics[0].statistics.waiting == 0 { await Task.yield() }
            let urgent = decide("N2", within: .seconds(2))
            let patient = decide("N3", within: .seconds(60))
            for late in [first, urgent] {
                await #expect(throws: RequestFailure.serviceUnavailable) { try await late.value }
            }
            try await locker.execute("ROLLBACK")
            #expect(try await patient.value.map(\.text) == ["OK"])
            #expect(try await account != nil)
        }
        await locker.close()
    }
}
