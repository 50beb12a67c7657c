/// An operator as the service needs to know it when a call arrives.
package struct OperatorAccount: Hashable, Sendable {
    package let identifier: OperatorIdentifier
    package let code: String
    package let isSuspended: Bool
    /// The operator's own choice; `nil` leaves it to the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    /// Whether accepting what stands accepted, or declining what stands declined, succeeds and changes nothing.
    package let repeatedDecisionsSucceed: Bool

    package init(
        identifier: OperatorIdentifier, code: String, isSuspended: Bool,
        errorStatusPolicy: ErrorStatusPolicy? = nil, repeatedDecisionsSucceed: Bool = false
    ) {
        self.identifier = identifier
        self.code = code
        self.isSuspended = isSuspended
        self.errorStatusPolicy = errorStatusPolicy
        self.repeatedDecisionsSucceed = repeatedDecisionsSucceed
    }
}

/// Where operators are looked up.
package protocol OperatorRepository: Sendable {
    /// The operator with this code, compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
}

/// Which HTTP status errors are answered with.
package enum ErrorStatusPolicy: String, Sendable, CaseIterable {
    /// The one that fits.
    case standard
    /// 200, for clients that look at `status.code` alone.
    case always200 = "always-200"
}

/// A user of an operator, as login needs to know it.
package struct UserAccount: Sendable {
    package let operatorAccount: OperatorAccount
    package let username: String
    /// The password's hash, in the format of `Authentication.PasswordHash`.
    package let passwordHash: String
    package let isSuspended: Bool
    /// Which of the user's tokens are good.
    package let tokenGeneration: TokenGeneration

    package init(
        operatorAccount: OperatorAccount, username: String, passwordHash: String, isSuspended: Bool,
        tokenGeneration: TokenGeneration = TokenGeneration(ofOperator: 1, ofLogin: 1)
    ) {
        self.operatorAccount = operatorAccount
        self.username = username
        self.passwordHash = passwordHash
        self.isSuspended = isSuspended
        self.tokenGeneration = tokenGeneration
    }
}

/// Where users are looked up.
package protocol UserRepository: Sendable {
    /// The user of this name of the operator with this code, both compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
}

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
