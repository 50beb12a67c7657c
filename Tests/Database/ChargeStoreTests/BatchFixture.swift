import Authentication
import Charges
import ConnectionPool
import TestSupport
import Testing

@testable import ChargeStore

/// Two calls that wait as one batch, `N2` with little time and `N3` with much, for the only connection of a store. A
/// session holds the lock that the connection's statement needs.
final class BatchFixture: Sendable {
    let urgent: Task<[ItemOutcome], any Error>
    let patient: Task<[ItemOutcome], any Error>
    private let locker: TestSession
    private let account: Task<OperatorAccount?, any Error>

    /// Returns when the two calls wait for the connection.
    ///
    /// - Parameters:
    ///   - store: A store with one connection, and the charges `N1` to `N3`.
    ///   - urgentTime: The time of the urgent call. It is more than a second, after which the call ends for which the
    ///     two have waited.
    init(in store: Store, on database: TestDatabase, urgentTime: Duration) async throws {
        locker = TestSession(database.ownerParameters)
        try await locker.execute("BEGIN; LOCK TABLE countersign.operator")
        account = Task { try await store.operators.account(code: "ACME", deadline: .now + .patience) }
        try await database.waitForLockWaiter()
        func decide(_ number: String, within time: Duration) -> Task<[ItemOutcome], any Error> {
            Task { try await store.decisions.decide(.accepting([.charge(number)], within: time)) }
        }
        // While this call waits for the only connection, the others are batched.
        let first = decide("N1", within: .seconds(1))
        try await wait(until: { store.pools[0].pool.statistics.waiting > 0 })
        urgent = decide("N2", within: urgentTime)
        patient = decide("N3", within: .patience)
        await #expect(throws: RequestFailure.serviceUnavailable) { try await first.value }
    }

    /// Releases the lock, so that the batch gets the connection.
    func releaseLock() async throws {
        try await locker.execute("ROLLBACK")
        #expect(try await account.value != nil)
        await locker.close()
    }
}
