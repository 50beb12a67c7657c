package import Charges
import Synchronization

/// Lets users in: a right name, password and organisation get a token.
package final class LoginService: Sendable {
    private let users: any UserRepository
    private let hasher: PasswordHasher
    private let tokens: TokenIssuer
    private let limit = Mutex(LoginLimit())

    /// No real name, password or code is longer, in bytes. A longer one is simply wrong.
    private static let maximumBytes = 1024

    /// U+0000 is refused besides: HMAC, and so scrypt, fills a short key up with zeros, and would take a password
    /// with zeros after it for the password itself.
    private static func canExist(_ text: String) -> Bool {
        text.utf8.count <= maximumBytes && !text.utf8.contains(0)
    }

    package init(users: any UserRepository, hasher: PasswordHasher, tokens: TokenIssuer) {
        self.users = users
        self.hasher = hasher
        self.tokens = tokens
    }

    /// Logs a user in.
    ///
    /// - Parameters:
    ///   - organisation: The operator's code.
    ///   - unit: Goes into the token and means nothing.
    ///   - address: Where the call comes from; failures are counted per user and address.
    /// - Returns: The token.
    /// - Throws: `invalidCredentials`, the same for a wrong user, password or organisation, in the same time;
    ///   `operatorSuspended`, only after a right password; `rateLimited` after too many failures;
    ///   `serviceUnavailable`.
    package func login(
        organisation: String, username: String, password: String, unit: String?, address: String,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> String {
        let pair = LoginLimit.Pair(organisation: organisation, username: username, address: address)
        try check(pair)
        let canExist = [organisation, username, password].allSatisfy(Self.canExist)
        let user =
            canExist
            ? try await users.user(
                named: ExactText(username), operatorCode: ExactText(organisation), deadline: deadline)
            : nil
        // Somebody who is not there is compared as well, so that the time does not tell.
        let hash = user.flatMap { PasswordHash(text: $0.passwordHash) } ?? .ofNobody
        let matches = try await hasher.matches(canExist ? password : "", hash, deadline: deadline)
        let rightUser = matches ? user : nil
        // Once more, since others of the pair may have failed meanwhile: of many tries at once no more than the
        // limit are told whether they were right.
        try check(pair, countingFailure: rightUser == nil)
        guard let user = rightUser else {
            throw RequestFailure(
                .invalidCredentials, "The username, the password or the organisation is wrong.")
        }
        guard !user.isSuspended, !user.operatorAccount.isSuspended else {
            throw .operatorSuspended(user.operatorAccount)
        }
        return try await tokens.issue(
            username: user.username, account: user.operatorAccount, unit: unit, deadline: deadline)
    }

    /// Refuses a pair that has had enough.
    ///
    /// - Parameter countingFailure: Whether one that has not had enough has failed once more.
    private func check(_ pair: LoginLimit.Pair, countingFailure: Bool = false) throws(RequestFailure) {
        let wait = limit.withLock { limit in
            let wait = limit.wait(pair, now: .now)
            if wait == nil, countingFailure { limit.failed(pair, now: .now) }
            return wait
        }
        guard let wait else { return }
        throw RequestFailure(
            .rateLimited, "Too many logins failed for this user from this address; wait before the next one.",
            retryAfterSeconds: Int(wait.components.seconds) + 1)
    }
}

extension RequestFailure {
    static func operatorSuspended(_ account: OperatorAccount) -> RequestFailure {
        var failure = RequestFailure(
            .operatorSuspended, "The operator or its user is suspended; ask whoever runs this service.")
        failure.operatorAccount = account
        return failure
    }
}
