/// A web API key of an operator, as login needs to know it.
package struct APIKeyAccount: Sendable {
    package let operatorAccount: OperatorAccount
    package let name: String
    package let isRevoked: Bool
    package let tokenGeneration: TokenGeneration

    package init(
        operatorAccount: OperatorAccount, name: String, isRevoked: Bool, tokenGeneration: TokenGeneration
    ) {
        self.operatorAccount = operatorAccount
        self.name = name
        self.isRevoked = isRevoked
        self.tokenGeneration = tokenGeneration
    }
}

/// Where web API keys are looked up.
package protocol APIKeyRepository: Sendable {
    /// The key with this SHA-256, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func key(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure) -> APIKeyAccount?
}
