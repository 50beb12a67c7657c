package import Charges
import JWTKit
import Synchronization

/// The verifier of tokens, which finds the principal of a call.
package final class TokenVerifier: Sendable {
    private let keys: TokenKeys
    private let revocations: TokenRevocations
    private let operators: any OperatorRepository
    private let audience: TokenAudience
    private let now: @Sendable () -> Timestamp?
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let accounts = Mutex<[ExactText: (account: OperatorAccount, readAt: ContinuousClock.Instant)]>([:]
    )

    private let verifiedTokens = VerifiedTokens()

    /// The time after which a suspension has taken effect.
    private static let accountMaximumAge = Duration.seconds(1)
    /// The maximum length of an issued token, in bytes.
    private static let maximumBytes = 4096

    /// - Parameters:
    ///   - audience: What the tokens must be for.
    ///   - now: The database's time, by which tokens expire; `nil` if the node does not know it yet.
    ///   - clock: The monotonic clock, for the age of accounts.
    package init(
        keys: TokenKeys, revocations: TokenRevocations, operators: any OperatorRepository,
        audience: TokenAudience = .api, now: @escaping @Sendable () -> Timestamp?,
        clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.keys = keys
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
        let verified = try await verified(token)
        let claims = verified.claims
        guard claims.aud == audience.rawValue, let role = Role(rawValue: claims.rol) else {
            throw Self.invalid
        }
        guard let now = now() else { throw .serviceUnavailable }
        guard now.secondsSince1970 < claims.exp else {
            throw RequestFailure(.tokenExpired, "The token has expired; log in again.")
        }
        guard let account = try await account(code: ExactText(claims.org), deadline: deadline) else {
            throw Self.invalid
        }
        guard !account.isSuspended else { return .suspended(account) }
        let isRevoked = try await revocations.contain(
            token: claims.jti, of: claims.usr, account.identifier, generation: verified.generation)
        guard !isRevoked else {
            throw RequestFailure(.invalidToken, "The token has been revoked; log in again.")
        }
        return .success(
            Principal(
                operatorAccount: account, username: claims.usr, role: role, tokenIdentifier: claims.jti,
                tokenGeneration: verified.generation))
    }

    private static let invalid = RequestFailure(
        .invalidToken, "The token was not issued by this service; log in again.")

    /// The content of the token, if one of the keys has signed it.
    private func verified(_ token: String) async throws(RequestFailure) -> VerifiedToken {
        guard token.utf8.count <= Self.maximumBytes else { throw Self.invalid }
        let name = VerifiedTokens.name(of: token)
        if let found = verifiedTokens.find(name),
            try await keys.keys().secrets[found.keyIdentifier] == found.secret
        {
            return found
        }
        guard let header = TokenHeader(token: token), header.alg == "HS256" else { throw Self.invalid }
        let identifier = ExactText(header.kid)
        let known = try await keys.keys()
        guard let secret = known.secrets[identifier],
            let generation = header.gen.flatMap(TokenGeneration.init(text:)),
            let claims = try? await known.keys.verify(token, as: TokenClaims.self)
        else { throw Self.invalid }
        let verified = VerifiedToken(
            claims: claims, generation: generation, keyIdentifier: identifier, secret: secret)
        verifiedTokens.keep(verified, as: name)
        return verified
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
