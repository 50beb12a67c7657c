package import Charges
package import Foundation
import JWTKit
import Synchronization

/// Checks tokens, and says who calls.
package final class TokenVerifier: Sendable {
    private let keys: TokenKeys
    private let operators: any OperatorRepository
    private let now: @Sendable () -> Date
    private let accounts = Mutex<[ExactText: (account: OperatorAccount, readAt: ContinuousClock.Instant)]>([:]
    )

    /// How long a suspension may go unnoticed.
    private static let accountMaximumAge = Duration.seconds(1)
    /// No token of ours is longer, in bytes.
    private static let maximumBytes = 4096

    /// - Parameter now: The wall clock.
    package init(
        keys: TokenKeys, operators: any OperatorRepository, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.keys = keys
        self.operators = operators
        self.now = now
    }

    /// - Throws: `invalidToken`, `tokenExpired`, `operatorSuspended`, or `serviceUnavailable` if the keys or the
    ///   operator cannot be read.
    package func verify(_ token: String, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> Caller
    {
        let invalid = RequestFailure(.invalidToken, "The token is not one of this service; log in again.")
        guard token.utf8.count <= Self.maximumBytes,
            let parsed = try? DefaultJWTParser().parse(Array(token.utf8), as: TokenClaims.self),
            parsed.header.alg == "HS256", let identifier = parsed.header.kid
        else { throw invalid }
        let known = try await keys.keys(including: ExactText(identifier), deadline: deadline)
        guard known.identifiers.contains(ExactText(identifier)),
            let claims = try? await known.keys.verify(token, as: TokenClaims.self)
        else { throw invalid }
        guard now().timeIntervalSince1970 < Double(claims.exp) else {
            throw RequestFailure(.tokenExpired, "The token has expired; log in again.")
        }
        guard let account = try await account(code: ExactText(claims.org), deadline: deadline) else {
            throw invalid
        }
        guard !account.isSuspended else { throw .operatorSuspended }
        return Caller(operatorAccount: account, username: claims.usr, tokenIdentifier: claims.jti)
    }

    /// The operator, at most a second old. There are as many as there are operators with tokens of ours.
    private func account(code: ExactText, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> OperatorAccount?
    {
        let cached = accounts.withLock { $0[code] }
        if let cached, ContinuousClock.now - cached.readAt < Self.accountMaximumAge { return cached.account }
        let account = try await operators.account(code: code, deadline: deadline)
        accounts.withLock { $0[code] = account.map { ($0, .now) } }
        return account
    }
}
