package import Charges
import Synchronization

/// The verifier of tokens, which finds the principal of a call.
package final class TokenVerifier: Sendable {
    private let revocations: TokenRevocations
    private let operators: any OperatorRepository
    private let audience: TokenAudience
    private let now: @Sendable () -> Timestamp?
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let accounts = Mutex<[ExactText: (account: OperatorAccount, readAt: ContinuousClock.Instant)]>([:]
    )

    private let signatures: SignatureVerifier

    /// The time after which a suspension has taken effect.
    private static let accountMaximumAge = Duration.seconds(1)

    /// - Parameters:
    ///   - audience: What the tokens must be for.
    ///   - now: The database's time, by which tokens expire; `nil` if the node does not know it yet.
    ///   - clock: The monotonic clock, for the age of accounts.
    package init(
        keys: TokenKeys, revocations: TokenRevocations, operators: any OperatorRepository,
        audience: TokenAudience = .api, now: @escaping @Sendable () -> Timestamp?,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        signatures = SignatureVerifier(keys: keys)
        self.revocations = revocations
        self.operators = operators
        self.audience = audience
        self.now = now
        self.clock = clock
    }

    /// Verifies a token.
    ///
    /// - Throws: `invalidToken`, `tokenExpired`, or `serviceUnavailable` if the node does not know, as of the last
    ///   second, whether the token is valid, or what time it is.
    package func verify(_ token: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> AuthenticationResult<Principal>
    {
        let verified = try await signatures.verify(token)
        let claims = verified.claims
        guard claims.aud == audience.rawValue, let role = Role(rawValue: claims.rol) else {
            throw .foreignToken
        }
        let session = Session(claims)
        guard audience == .api || session != nil else { throw .foreignToken }
        guard let now = now() else { throw .serviceUnavailable }
        guard now.secondsSince1970 < claims.exp else {
            throw .tokenExpired
        }
        guard let account = try await account(code: ExactText(claims.org), deadline: deadline) else {
            throw .foreignToken
        }
        guard !account.isSuspended else { return .suspended(account) }
        let isRevoked = try await revocations.contain(
            token: claims.jti, of: claims.usr, account.identifier, generation: verified.generation)
        guard !isRevoked else {
            throw .tokenRevoked
        }
        return .success(
            Principal(
                operatorAccount: account, username: claims.usr, role: role, tokenIdentifier: claims.jti,
                tokenGeneration: verified.generation, session: session))
    }

    /// The operator, at most a second old. The cache has an entry for each operator with verified tokens.
    private func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        let cached = accounts.withLock { $0[code] }
        // The time before the look-up, since the result may be delayed.
        let asked = clock()
        if let cached, asked - cached.readAt < Self.accountMaximumAge { return cached.account }
        let account = try await operators.account(code: code, deadline: deadline)
        accounts.withLock { $0[code] = account.map { ($0, asked) } }
        return account
    }
}
