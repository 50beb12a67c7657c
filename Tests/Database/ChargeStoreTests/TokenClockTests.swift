import Authentication
import ChargeStore
import Charges
import Telemetry
import TestSupport
import Testing

/// Tests of tokens on nodes whose machines have wrong clocks.
@Suite struct TokenClockTests {
    private let database = TestDatabase.current!

    /// One node: a store, with its issuer and its verifier.
    private struct Node {
        let store: Store
        private let keys: TokenKeys
        private let issuer: TokenIssuer
        private let verifier: TokenVerifier

        init(_ store: Store) {
            self.store = store
            keys = TokenKeys(repository: store.signingKeys)
            let now: @Sendable () -> Timestamp? = { [clock = store.clock] in clock.now }
            issuer = TokenIssuer(keys: keys, now: now)
            verifier = TokenVerifier(
                keys: keys, revocations: TokenRevocations(repository: store.tokenRevocations),
                operators: store.operators, now: now)
        }

        func issue() async throws -> String {
            try await untilAvailable { () throws(RequestFailure) in
                try await keys.refresh()
                return try await issuer.issue(
                    username: "anna", role: .decider, account: TestDatabase.acme, unit: nil,
                    generation: TokenGeneration(ofOperator: 1, ofLogin: 1))
            }
        }

        func verify(_ token: String) async throws -> AuthenticationResult<Principal> {
            try await untilAvailable { () throws(RequestFailure) in
                try await keys.refresh()
                return try await verifier.verify(token, deadline: .now + .patience)
            }
        }
    }

    private func withNodes(_ hours: [Int], _ nodes: [Node] = [], _ body: ([Node]) async throws -> Void)
        async throws
    {
        guard let next = hours.first else { return try await body(nodes) }
        let wrong = Timestamp.ofSystem.advanced(by: .seconds(3600 * next))
        try await database.withStore(configure: { $0.wallClock = { wrong } }) { (store: Store) async throws in
            try await withNodes(Array(hours.dropFirst()), nodes + [Node(store)], body)
        }
    }

    @Test("A token is valid on every node, three hours slow or fast", .database)
    func aTokenIsValidOnEveryNode() async throws {
        try await withNodes([0, -3, 3]) { nodes in
            for issuing in nodes {
                let token = try await issuing.issue()
                for verifying in nodes {
                    guard case .success(let principal) = try await verifying.verify(token) else {
                        Issue.record("the operator is not suspended")
                        continue
                    }
                    #expect(principal.username == "anna")
                }
            }
            for (hours, node) in zip([0, -3, 3], nodes) {
                let gauge = await node.store.gauges(deadline: .now + .patience)
                    .first { $0.metric == .clockOffsetSeconds }
                #expect(abs(try #require(gauge?.value) - Double(3600 * hours)) < 600)
                if hours != 0 { #expect(node.store.clock.warning != nil) }
            }
        }
    }

    @Test("Each reading of the signing keys reads the database's clock", .database)
    func theClockIsReadWithTheKeys() async throws {
        try await database.withStore { (store: Store) async throws in
            // A reading that took more than a second sets no clock.
            let now = try await untilAvailable { () throws(RequestFailure) in
                _ = try await store.signingKeys.signingKeys(replicated: false, deadline: .now + .patience)
                guard let now = store.clock.now else { throw .serviceUnavailable }
                return now
            }
            let difference = now.microsecondsSince2000 - Timestamp.ofSystem.microsecondsSince2000
            #expect(abs(difference) < 60_000_000)
        }
    }
}

extension Timestamp {
    /// The time by the clock of this machine, which the tests' database has too.
    fileprivate static var ofSystem: Timestamp {
        StoreConfiguration(database: "").wallClock()
    }
}
