/// A key that signs tokens, shared by all nodes. The secret is in no description and no log.
package struct SigningKey: Equatable, Sendable, CustomStringConvertible {
    /// The token's `kid`.
    package let identifier: String
    /// 256 random bits.
    package let secret: [UInt8]
    /// Whether its time to sign has come. Until then every node learns of it.
    package let maySign: Bool

    package init(identifier: String, secret: [UInt8], maySign: Bool = true) {
        self.identifier = identifier
        self.secret = secret
        self.maySign = maySign
    }

    package var description: String { "signing key \(identifier)" }
}

/// Where the signing keys are kept.
package protocol SigningKeyRepository: Sendable {
    /// All keys that tokens may bear, those that may sign first, the newest first.
    ///
    /// - Parameter replicated: Whether to return only once what was read is replicated, so that tokens may be signed and
    ///   refused by it.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
}
