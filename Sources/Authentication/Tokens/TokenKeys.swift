package import Charges
import JWTKit
import Synchronization

/// The signing keys as this node knows them, read from the database when they are needed.
package final class TokenKeys: Sendable {
    private let repository: any SigningKeyRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let known = Mutex<Known?>(nil)

    /// How old the keys may be. A token with an unknown `kid` has them read sooner, but not more often than …
    private static let maximumAge = Duration.seconds(60)
    /// … this, so that made-up tokens do not flood the database.
    private static let minimumAge = Duration.seconds(1)

    struct Known: Sendable {
        let keys: JWTKeyCollection
        let identifiers: Set<ExactText>
        /// The one that signs.
        let signing: String
        let readAt: ContinuousClock.Instant
    }

    package init(
        repository: any SigningKeyRepository,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.repository = repository
        self.clock = clock
    }

    /// The keys, among them the one of this name if there is such a key.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database does not answer, and none are known or the
    ///   key of this name is not among them: whether there is such a key cannot be said then.
    func keys(including identifier: ExactText?, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
        -> Known
    {
        let current = known.withLock { $0 }
        let isKnown = current.map { current in identifier.map(current.identifiers.contains) ?? true } ?? false
        let asked = clock()
        if let current {
            let age = asked - current.readAt
            if age < Self.minimumAge || (isKnown && age < Self.maximumAge) { return current }
        }
        do {
            return try await read(asked: asked, deadline: deadline)
        } catch {
            // Keys that were good a while ago are good enough for tokens that they signed.
            guard let current, isKnown else { throw error }
            return current
        }
    }

    private func read(asked: ContinuousClock.Instant, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> Known
    {
        let keys = try await repository.signingKeys(deadline: deadline)
        guard let newest = keys.first else { throw .serviceUnavailable }
        let collection = JWTKeyCollection()
        for key in keys {
            await collection.add(
                hmac: HMACKey(from: key.secret), digestAlgorithm: .sha256,
                kid: JWKIdentifier(string: key.identifier))
        }
        let read = Known(
            keys: collection, identifiers: Set(keys.map { ExactText($0.identifier) }),
            signing: newest.identifier, readAt: asked)
        known.withLock { $0 = read }
        return read
    }
}
