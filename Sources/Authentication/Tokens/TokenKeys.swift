package import Charges
import JWTKit
import Synchronization

/// The signing keys as this node knows them, read from the database when they are needed.
package final class TokenKeys: Sendable {
    private let repository: any SigningKeyRepository
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

    package init(repository: any SigningKeyRepository) {
        self.repository = repository
    }

    /// The keys, among them the one of this name if there is such a key.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if none are known and the database does not answer.
    func keys(including identifier: ExactText?, deadline: ContinuousClock.Instant)
        async throws(RequestFailure)
        -> Known
    {
        let current = known.withLock { $0 }
        if let current {
            let age = ContinuousClock.now - current.readAt
            let isKnown = identifier.map(current.identifiers.contains) ?? true
            if age < Self.minimumAge || (isKnown && age < Self.maximumAge) { return current }
        }
        do {
            return try await read(deadline: deadline)
        } catch {
            // Keys that were good a while ago are good enough for tokens that they signed.
            guard let current else { throw error }
            return current
        }
    }

    private func read(deadline: ContinuousClock.Instant) async throws(RequestFailure) -> Known {
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
            signing: newest.identifier,
            readAt: .now)
        known.withLock { $0 = read }
        return read
    }
}
