package import Charges
import JWTKit
import Synchronization

/// The signing keys as this node knows them: never older than a second.
///
/// A key signs only when every node knows it, so a token with an unknown `kid` is not one of ours, and made-up
/// ones cost the database nothing.
///
/// Keys that were read may be lost by a failover, where only the primary has them. So a node goes by those that are known
/// to be replicated, and while the database shows others it does not know.
package final class TokenKeys: Sendable {
    private let state: SharedState
    private let reading: FreshSnapshot
    private let proof: SharedAttempt

    struct Known: Sendable {
        let keys: JWTKeyCollection
        /// The keys themselves by their names.
        let secrets: [ExactText: [UInt8]]
        /// The one that signs; `nil` for a moment after all older ones were dropped.
        let signing: String?

        /// - Parameter keys: As they were read.
        init(_ keys: [SigningKey]) async {
            self.keys = JWTKeyCollection()
            for key in keys {
                await self.keys.add(
                    hmac: HMACKey(from: key.secret), digestAlgorithm: .sha256,
                    kid: JWKIdentifier(string: key.identifier))
            }
            secrets = Self.secrets(keys)
            signing = keys.first(where: \.maySign)?.identifier
        }

        /// What says whether two readings have the same keys: which one signs is a matter of time.
        static func secrets(_ keys: [SigningKey]) -> [ExactText: [UInt8]] {
            Dictionary(
                keys.map { (ExactText($0.identifier), $0.secret) }, uniquingKeysWith: { _, last in last })
        }
    }

    private struct State {
        /// What is replicated.
        var known: Known?
        /// Whether the last reading had the same keys.
        var isCurrent = false
    }

    /// What the reading and the rest of the node both hold.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// - Parameter clock: The clock that only goes forward, for how old the knowledge is.
    package init(
        repository: any SigningKeyRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        let state = SharedState()
        self.state = state
        proof = SharedAttempt { () throws(RequestFailure) in
            let keys = try await repository.signingKeys(
                replicated: true, deadline: .now + TokenRevocations.proofTimeout)
            guard !keys.isEmpty else { throw .serviceUnavailable }
            let known = await Known(keys)
            state.value.withLock { $0 = State(known: known, isCurrent: true) }
        }
        reading = FreshSnapshot(clock: clock) { [proof] deadline throws(RequestFailure) in
            let keys = try await repository.signingKeys(replicated: false, deadline: deadline)
            guard !keys.isEmpty else { throw .serviceUnavailable }
            let read = await Known(keys)
            let isCurrent = state.value.withLock { state in
                state.isCurrent = state.known?.secrets == read.secrets
                if state.isCurrent { state.known = read }
                return state.isCurrent
            }
            if !isCurrent { proof.begin() }
        }
    }

    /// Reads the keys.
    ///
    /// - Throws: What reading failed with.
    package func refresh() async throws(RequestFailure) {
        try await reading.refresh()
    }

    /// The keys, as they were within the last second.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the node cannot know.
    func keys() async throws(RequestFailure) -> Known {
        try await reading.ensure()
        for attempt in 0...1 {
            let state = state.value.withLock { $0 }
            if state.isCurrent, let known = state.known { return known }
            if attempt == 0 { try await proof.run() }
        }
        throw .serviceUnavailable
    }
}
