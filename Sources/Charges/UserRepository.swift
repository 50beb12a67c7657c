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
