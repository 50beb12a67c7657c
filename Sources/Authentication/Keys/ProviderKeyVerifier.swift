package import Charges
import Synchronization

/// Checks the provider's keys.
package final class ProviderKeyVerifier: Sendable {
    private let keys: any ProviderKeyRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    /// When each good key was last looked up, by its hash. Keys that are no good are not remembered, so there are
    /// no more than the database has.
    private let known = Mutex<[[UInt8]: ContinuousClock.Instant]>([:])

    /// How long a revocation may go unnoticed.
    private static let maximumAge = Duration.seconds(1)

    package init(
        keys: any ProviderKeyRepository, clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.keys = keys
        self.clock = clock
    }

    /// - Throws: `invalidKey`, or `serviceUnavailable` if that cannot be said now.
    package func verify(_ key: String, deadline: ContinuousClock.Instant) async throws(RequestFailure) {
        guard let hash = ProviderKey(key)?.hash else { throw Self.invalid }
        // Taken before the key is looked up: what is found is true of a later moment.
        let asked = clock()
        if let lookedUp = known.withLock({ $0[hash] }), asked - lookedUp < Self.maximumAge { return }
        guard try await keys.providerKeyName(hash: hash, deadline: deadline) != nil else {
            known.withLock { $0[hash] = nil }
            throw Self.invalid
        }
        known.withLock { $0[hash] = asked }
    }

    private static let invalid = RequestFailure(
        .invalidKey,
        "The key is not one of this service, or was revoked; 'countersign provider-key add' makes one.")
}
