import Charges
import TestSupport
import Testing

@testable import ChargeStore

/// Tests of a batch's deadline, which is that of its most urgent call.
@Suite struct BatchDeadlineTests {
    /// Two calls wait for a connection as one batch, until the first one's deadline.
    @Test("A call with time left is decided although another call of its batch has timed out", .database)
    func aCallThatHasTimeLeftIsNotRefusedForOneThatHasNone() async throws {
        let database = TestDatabase.current!
        try await database.addCharges(3, prefix: "N")
        try await database.withStore(configure: { $0.maximumConnections = 1 }) {
            (store: Store) async throws in
            let calls = try await BatchFixture(in: store, on: database, urgentTime: .seconds(2))
            await #expect(throws: RequestFailure.serviceUnavailable) { try await calls.urgent.value }
            try await calls.releaseLock()
            #expect(try await calls.patient.value.map(\.text) == ["OK"])
        }
    }
}
