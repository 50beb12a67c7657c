package import Charges

/// A key that signs tokens, shared by all nodes. Descriptions and logs never contain the secret.
package struct SigningKey: Equatable, Sendable, CustomStringConvertible {
    /// The token's `kid`.
    package let identifier: String
    /// 256 random bits.
    package let secret: [UInt8]
    /// Whether the key may sign. A new key may not, until every node knows it.
    package let maySign: Bool

    package init(identifier: String, secret: [UInt8], maySign: Bool = true) {
        self.identifier = identifier
        self.secret = secret
        self.maySign = maySign
    }

    package var description: String { "signing key \(identifier)" }
}

/// The store of signing keys.
package protocol SigningKeyRepository: Sendable {
    /// All keys of valid tokens: those that may sign first, and the newest first.
    ///
    /// - Parameter replicated: Whether to return only once the rows are replicated, so that tokens may be signed and
    ///   refused by them.
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func signingKeys(replicated: Bool, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> [SigningKey]
}
