package import Charges
import JWTKit
import Synchronization

/// The signing keys as this node knows them: never older than a second.
///
/// A key signs only when every node knows it. So a token with an unknown `kid` is forged, and forged tokens cost the
/// database nothing.
///
/// Keys that only the primary has may be lost by a failover. So a node uses only keys that are known to be replicated,
/// and calls fail as unavailable while the database has other keys.
package final class TokenKeys: Sendable {
    private let state: SharedState
    private let reading: FreshSnapshot
    private let proof: SharedAttempt

    struct Known: Sendable {
        let keys: JWTKeyCollection
        /// The secrets of the keys by their names.
        let secrets: [ExactText: [UInt8]]
        /// The name of the key that signs; `nil` for a short time after all older keys were dropped.
        let signing: String?

        /// - Parameter keys: The keys in the order of the repository.
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

        /// The secrets by name, which two reads are compared by. The key that signs may differ, since it depends on the
        /// time.
        static func secrets(_ keys: [SigningKey]) -> [ExactText: [UInt8]] {
            Dictionary(
                keys.map { (ExactText($0.identifier), $0.secret) }, uniquingKeysWith: { _, last in last })
        }
    }

    private struct State {
        /// The keys that are replicated.
        var known: Known?
        /// Whether the last read had the same keys.
        var isCurrent = false
    }

    /// The state that the reads and the rest of the node share.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// - Parameters:
    ///   - clock: The monotonic clock, for the age of the snapshot.
    ///   - pause: Returns after the duration: the time between two reads that a call waits for.
    package init(
        repository: any SigningKeyRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
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
        reading = FreshSnapshot(clock: clock, pause: pause) { [proof] deadline throws(RequestFailure) in
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
    /// - Throws: The failure of the read.
    package func refresh() async throws(RequestFailure) {
        try await reading.refresh()
    }

    /// The keys, as of the last second.
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
