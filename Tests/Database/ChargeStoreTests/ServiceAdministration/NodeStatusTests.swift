import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of what nodes say of themselves.
@Suite struct NodeStatusTests {
    private let database = TestDatabase.current!

    @Test("Each node has one row, which is fresh while the node writes it, and goes after a day", .database)
    func nodes() async throws {
        try await database.withAdministrationStore { store in
            try await database.withStore { other in
                let startedAt = ContinuousClock.now - .seconds(3600)
                await store.recordNodeStatus(name: "node-1", version: "0.1.0", startedAt: startedAt)
                await other.recordNodeStatus(name: "node-2", version: "0.2.0", startedAt: startedAt)
                let first = try await store.serviceAdministration.nodes(deadline: .now + .patience)
                #expect(first.map(\.name) == ["node-1", "node-2"])
                #expect(first.map(\.version) == ["0.1.0", "0.2.0"])
                #expect(first.allSatisfy { $0.isFresh && $0.databaseRole == .primary })
                #expect(first.allSatisfy { $0.buildNumber == Build.number && $0.unknownOutcomeCount == 0 })
                #expect(first.allSatisfy { $0.maximumConnectionCount > 0 })
                let age = first[0].lastSeenOn.secondsSince1970 - first[0].startedOn.secondsSince1970
                #expect((3599...3660).contains(age))

                // Another turn writes the same row, and the start stays the same.
                await store.recordNodeStatus(name: "node-1", version: "0.1.0", startedAt: startedAt)
                try await database.session.execute(
                    "UPDATE countersign.node_status SET last_seen_on = now() - interval '1 hour' WHERE name = 'node-2'"
                )
                let second = try await store.serviceAdministration.nodes(deadline: .now + .patience)
                #expect(second.map(\.isFresh) == [true, false])
                #expect(second[0].startedOn == first[0].startedOn)
                // The first status was written by the first connection.
                #expect((1...second[0].maximumConnectionCount).contains(second[0].openConnectionCount))

                try await database.session.execute(
                    "UPDATE countersign.node_status SET last_seen_on = now() - interval '25 hours' WHERE name = 'node-2'"
                )
                await store.recordNodeStatus(name: "node-1", version: "0.1.0", startedAt: startedAt)
                #expect(
                    try await database.session.texts("SELECT name FROM countersign.node_status") == ["node-1"]
                )
            }
        }
    }
}
