package import Charges

/// An operator account, as a call needs it.
package struct OperatorAccount: Hashable, Sendable {
    package let identifier: OperatorIdentifier
    package let code: String
    package let isSuspended: Bool
    /// The operator's own setting; `nil` means the node's setting.
    package let errorStatusPolicy: ErrorStatusPolicy?
    /// Whether accepting an accepted charge, or declining a declined one, succeeds and changes nothing.
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

/// The result of checking a token, a password or a key that is right.
package enum AuthenticationResult<Value: Sendable>: Sendable {
    case success(Value)
    /// The user or the operator is suspended. The account tells how the operator wants errors.
    case suspended(OperatorAccount)
}

extension AuthenticationResult: Equatable where Value: Equatable {}

/// The store of operators.
package protocol OperatorRepository: Sendable {
    /// The operator with this code, compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
}

/// The rule for the HTTP status of errors.
package enum ErrorStatusPolicy: String, Sendable, CaseIterable {
    /// The status that fits the error.
    case standard
    /// Always 200, for clients that look at `status.code` alone.
    case always200 = "always-200"
}

/// A user of an operator, as login needs it.
package struct UserAccount: Sendable {
    package let operatorAccount: OperatorAccount
    package let username: String
    /// The password's hash, in the format of `Authentication.PasswordHash`.
    package let passwordHash: String
    package let role: Role
    package let isSuspended: Bool
    /// The generation of the user's valid tokens.
    package let tokenGeneration: TokenGeneration

    package init(
        operatorAccount: OperatorAccount, username: String, passwordHash: String, role: Role,
        isSuspended: Bool,
        tokenGeneration: TokenGeneration = TokenGeneration(ofOperator: 1, ofLogin: 1)
    ) {
        self.operatorAccount = operatorAccount
        self.username = username
        self.passwordHash = passwordHash
        self.role = role
        self.isSuspended = isSuspended
        self.tokenGeneration = tokenGeneration
    }
}

/// The store of users.
package protocol UserRepository: Sendable {
    /// The user of this name of the operator with this code, both compared by bytes, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func user(named username: ExactText, operatorCode: ExactText, deadline: ContinuousClock.Instant)
        async throws(RequestFailure) -> UserAccount?
}

/// A web API key of an operator, as login needs it.
package struct APIKeyAccount: Sendable {
    package let operatorAccount: OperatorAccount
    package let name: String
    package let role: Role
    package let isRevoked: Bool
    package let tokenGeneration: TokenGeneration

    package init(
        operatorAccount: OperatorAccount, name: String, role: Role, isRevoked: Bool,
        tokenGeneration: TokenGeneration
    ) {
        self.operatorAccount = operatorAccount
        self.name = name
        self.role = role
        self.isRevoked = isRevoked
        self.tokenGeneration = tokenGeneration
    }
}

/// The store of web API keys.
package protocol APIKeyRepository: Sendable {
    /// The key with this SHA-256, or `nil`.
    ///
    /// - Throws: `RequestFailure.serviceUnavailable` if the database did not answer before the deadline.
    func key(hash: [UInt8], deadline: ContinuousClock.Instant) async throws(RequestFailure) -> APIKeyAccount?
}
