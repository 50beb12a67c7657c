package import Charges
import JWTKit
import Synchronization

/// The signing keys as this node knows them: never older than a second.
///
/// A key signs only when every node knows it, so a token with an unknown `kid` is not one of ours, and made-up
/// ones cost the database nothing.
package final class TokenKeys: Sendable {
    private let known: SharedKeys
    private let reading: FreshSnapshot

    struct Known: Sendable {
        /// As they were read.
        let read: [SigningKey]
        let keys: JWTKeyCollection
        /// The keys themselves by their names.
        let secrets: [ExactText: [UInt8]]
        /// The one that signs; `nil` for a moment after all older ones were dropped.
        let signing: String?
    }

    /// What the reading and the rest of the node both hold.
    private final class SharedKeys: Sendable {
        let value = Mutex<Known?>(nil)
    }

    /// - Parameter clock: The clock that only goes forward, for how old the knowledge is.
    package init(
        repository: any SigningKeyRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        let known = SharedKeys()
        self.known = known
        reading = FreshSnapshot(clock: clock) { deadline throws(RequestFailure) in
            var keys = try await repository.signingKeys(replicated: false, deadline: deadline)
            if known.value.withLock({ $0?.read }) != keys {
                keys = try await repository.signingKeys(replicated: true, deadline: deadline)
            }
            guard !keys.isEmpty else { throw .serviceUnavailable }
            let collection = JWTKeyCollection()
            for key in keys {
                await collection.add(
                    hmac: HMACKey(from: key.secret), digestAlgorithm: .sha256,
                    kid: JWKIdentifier(string: key.identifier))
            }
            let read = Known(
                read: keys,
                keys: collection,
                secrets: Dictionary(
                    keys.map { (ExactText($0.identifier), $0.secret) }, uniquingKeysWith: { _, last in last }),
                signing: keys.first(where: \.maySign)?.identifier)
            known.value.withLock { $0 = read }
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
        guard let known = known.value.withLock({ $0 }) else { throw .serviceUnavailable }
        return known
    }
}
