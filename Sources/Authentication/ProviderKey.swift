package import Charges
import Crypto
import Foundation
import Synchronization

/// A key with which the provider's bridge calls: 256 random bits, as text.
package struct ProviderKey: Sendable {
    /// The key itself, in base64url without padding. It is shown once and stored nowhere.
    package let text: String

    /// A new one, from the system's generator.
    package static func random() -> ProviderKey {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return ProviderKey(
            text: bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: ""))
    }

    /// How many characters a key has.
    private static let length = 43

    /// - Returns: `nil` if the text cannot be a key.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.init(text: text)
    }

    private init(text: String) {
        self.text = text
    }

    /// What is stored in its place. Of 256 random bits a plain SHA-256 tells nothing.
    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

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
