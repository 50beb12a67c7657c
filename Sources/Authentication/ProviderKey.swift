package import Charges
import Crypto
import Foundation
import Synchronization

/// A provider key, with which the provider's bridge authenticates: 256 random bits, as text.
package struct ProviderKey: Sendable {
    /// The key itself, in base64url without padding. It is shown once and stored nowhere.
    package let text: String

    /// A new key from the system's random number generator.
    package static func random() -> ProviderKey {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        return ProviderKey(
            text: bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: ""))
    }

    /// The number of characters in a key.
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

    /// The hash that is stored instead of the key. A plain SHA-256 of 256 random bits reveals nothing.
    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

/// The store of provider keys.
package protocol ProviderKeyRepository: Sendable {
    /// The name of the key with this SHA-256; `nil` if there is none or it is revoked.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func providerKeyName(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> String?
}

/// The verifier of provider keys.
package final class ProviderKeyVerifier: Sendable {
    private let keys: any ProviderKeyRepository
    private let clock: @Sendable () -> ContinuousClock.Instant
    /// The name of each valid key and the time when it was last looked up, by its hash. Invalid keys are not kept, so
    /// there are no more entries than keys in the database.
    private let known = Mutex<[[UInt8]: (name: String, lookedUp: ContinuousClock.Instant)]>([:])

    /// The time after which a revocation has taken effect.
    private static let maximumAge = Duration.seconds(1)

    package init(
        keys: any ProviderKeyRepository, clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.keys = keys
        self.clock = clock
    }

    /// Checks a key.
    ///
    /// - Returns: The name of the key, which may be logged; the key may not.
    /// - Throws: `invalidKey`, or `serviceUnavailable` if the key cannot be checked now.
    package func verify(_ key: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> String
    {
        guard let hash = ProviderKey(key)?.hash else { throw Self.invalid }
        // The time before the look-up, since the result is true of a later time.
        let asked = clock()
        if let key = known.withLock({ $0[hash] }), asked - key.lookedUp < Self.maximumAge { return key.name }
        guard let name = try await keys.providerKeyName(hash: hash, deadline: deadline) else {
            known.withLock { $0[hash] = nil }
            throw Self.invalid
        }
        known.withLock { $0[hash] = (name, asked) }
        return name
    }

    private static let invalid = RequestFailure(
        .invalidKey,
        "The key is unknown or revoked; 'countersign provider-key add' creates one.")
}
