/// A key that signs tokens, shared by all nodes. The secret is in no description and no log.
package struct SigningKey: Sendable, CustomStringConvertible {
    /// The token's `kid`.
    package let identifier: String
    /// 256 random bits.
    package let secret: [UInt8]

    package init(identifier: String, secret: [UInt8]) {
        self.identifier = identifier
        self.secret = secret
    }

    package var description: String { "signing key \(identifier)" }
}

/// Where the signing keys are kept.
package protocol SigningKeyRepository: Sendable {
    /// All keys that tokens may bear, the one that signs new tokens first.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func signingKeys(deadline: ContinuousClock.Instant) async throws(RequestFailure) -> [SigningKey]
}
