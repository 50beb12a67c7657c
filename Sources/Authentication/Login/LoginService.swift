package import Charges
import Synchronization

/// A bound on logins with a password.
package enum LoginBound: Sendable {
    /// The logins that wait for the comparison of a password.
    case total
    /// The logins of one address.
    case address
}

/// The login with a password. A correct name, password and organisation get a token.
package final class LoginService: Sendable {
    private let users: any UserRepository
    private let hasher: PasswordHasher
    private let tokens: TokenIssuer
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let boundMet: @Sendable (LoginBound, _ address: String) -> Void
    private let limit: Mutex<LoginLimit>
    private let turns = LoginTurns()

    /// - Parameters:
    ///   - maximumPerAddress: The most logins of one address that are under way at a time.
    ///   - clock: The monotonic clock, for the limit of failures.
    ///   - boundMet: Called with the address of a login that met a bound.
    package init(
        users: any UserRepository, hasher: PasswordHasher, tokens: TokenIssuer, maximumPerAddress: Int = 16,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        boundMet: @escaping @Sendable (LoginBound, _ address: String) -> Void = { _, _ in }
    ) {
        self.users = users
        self.hasher = hasher
        self.tokens = tokens
        self.clock = clock
        self.boundMet = boundMet
        limit = Mutex(LoginLimit(maximumUnderWayPerAddress: maximumPerAddress))
    }

    /// The number of logins that wait for their turns.
    package var waitingCount: Int { turns.waitingCount }

    /// Logs a user in.
    ///
    /// - Parameters:
    ///   - organisation: The operator's code.
    ///   - unit: The unit for the token. It has no meaning.
    ///   - address: The client's address. Failures are counted per user and address, and addresses take turns.
    ///   - tokens: The issuer of the token, if it is not the API's.
    /// - Returns: The token. That the user or the operator is suspended is returned only after a correct password.
    /// - Throws: `invalidCredentials`, the same for a wrong user, password or organisation, in the same time;
    ///   `rateLimited` after too many failures, or with too many logins of the address under way;
    ///   `serviceUnavailable`.
    package func login(
        organisation: String, username: String, password: String, unit: String?, address: String,
        tokens: TokenIssuer? = nil, deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> AuthenticationResult<String> {
        let user = try await verifiedUser(
            organisation: organisation, username: username, password: password, address: address,
            deadline: deadline)
        guard !user.isSuspended, !user.operatorAccount.isSuspended else {
            return .suspended(user.operatorAccount)
        }
        return .success(
            try await (tokens ?? self.tokens).issue(
                username: user.username, role: user.role, account: user.operatorAccount, unit: unit,
                generation: user.tokenGeneration))
    }

    /// The user whose password it is, within the limits of logins.
    ///
    /// - Throws: As `login`.
    package func verifiedUser(
        organisation: String, username: String, password: String, address: String,
        deadline: ContinuousClock.Instant
    ) async throws(RequestFailure) -> UserAccount {
        let isWellFormed = [organisation, username, password].allSatisfy(PasswordRule.isWellFormed)
        return try await verified(
            LoginLimit.Pair(organisation: organisation, username: username, address: address),
            password: isWellFormed ? password : nil,
            failure: RequestFailure(
                .invalidCredentials, "The username, the password or the organisation is wrong."),
            deadline: deadline, hash: \.passwordHash
        ) { [users] () throws(RequestFailure) in
            try await users.user(
                named: ExactText(username), operatorCode: ExactText(organisation), deadline: deadline)
        }
    }

    /// The login whose password it is, within the limits that all logins share.
    ///
    /// - Parameters:
    ///   - pair: The name and the address, by which failures are counted.
    ///   - password: The password; `nil` if it, or a name, is one that nobody has.
    ///   - failure: What is thrown for a wrong name or password.
    ///   - hash: The stored hash of a login.
    ///   - find: Looks the login up. It is not called without a password.
    /// - Throws: `failure`, in the same time whatever is wrong, and as `login`.
    func verified<Account: Sendable>(
        _ pair: LoginLimit.Pair, password: String?, failure: RequestFailure,
        deadline: ContinuousClock.Instant, hash: (Account) -> String,
        find: () async throws(RequestFailure) -> Account?
    ) async throws(RequestFailure) -> Account {
        let attempt: LoginLimit.Attempt
        switch limit.withLock({ $0.begin(pair, now: clock()) }) {
        case .attempt(let begun): attempt = begun
        case .wait(let wait):
            throw RequestFailure(
                .rateLimited,
                "Too many logins failed for this user from this address; wait before trying again.",
                retryAfterSeconds: max(1, Int((wait / .seconds(1)).rounded(.up))))
        case .addressIsBusy:
            boundMet(.address, pair.address)
            throw RequestFailure(
                .rateLimited, "This address has too many logins under way; try again in a second.",
                retryAfterSeconds: 1)
        }
        let account: Account?
        do throws(RequestFailure) {
            account = try await matching(password, pair.address, deadline: deadline, hash: hash, find: find)
        } catch {
            limit.withLock { $0.takeBack(attempt, pair) }
            throw error
        }
        guard let account else {
            limit.withLock { $0.failed(attempt, pair) }
            throw failure
        }
        limit.withLock { $0.takeBack(attempt, pair) }
        return account
    }

    /// The login, if the password is correct.
    private func matching<Account: Sendable>(
        _ password: String?, _ address: String, deadline: ContinuousClock.Instant,
        hash: (Account) -> String, find: () async throws(RequestFailure) -> Account?
    ) async throws(RequestFailure) -> Account? {
        try await turns.enter(address, deadline: deadline) { boundMet(.total, address) }
        var isRight = false
        defer { turns.leave(address, isRight: isRight) }
        let account = password == nil ? nil : try await find()
        // The password of an unknown name is compared as well, so that the time reveals nothing.
        let stored = account.flatMap { PasswordHash(text: hash($0)) } ?? .ofNobody
        let matches = try await hasher.matches(password ?? "", stored, deadline: deadline)
        isRight = matches && account != nil
        return isRight ? account : nil
    }
}
