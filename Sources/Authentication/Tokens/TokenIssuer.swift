package import Charges
import Foundation
import JWTKit

/// The issuer of tokens: JWT (RFC 7519) with HS256.
package struct TokenIssuer: Sendable {
    private let keys: TokenKeys
    private let audience: TokenAudience
    private let now: @Sendable () -> Timestamp?

    /// The validity of a token, whatever its use.
    static let validitySeconds = 2 * 60 * 60
    /// The maximum length of a unit, in bytes. A longer unit is left out: it has no meaning, and the token must not
    /// become longer than `TokenVerifier` accepts.
    private static let maximumUnitBytes = 256

    /// - Parameters:
    ///   - audience: What the tokens are for.
    ///   - now: The database's time, the same for all nodes; `nil` if the node does not know it yet.
    package init(
        keys: TokenKeys, audience: TokenAudience = .api, now: @escaping @Sendable () -> Timestamp?
    ) {
        self.keys = keys
        self.audience = audience
        self.now = now
    }

    /// Issues a token.
    ///
    /// - Parameters:
    ///   - username: The user's name, or `key:` and the key's name.
    ///   - role: The role when the password or the key was read. A change of the role raises the generation.
    ///   - unit: The unit named at login; without one the token has the operator's code.
    ///   - generation: The generation when the password or the key was read, so that a token never outlives them.
    /// - Throws: `RequestFailure.serviceUnavailable` if the signing keys or the time cannot be read.
    package func issue(
        username: String, role: Role, account: OperatorAccount, unit: String?, generation: TokenGeneration
    ) async throws(RequestFailure) -> String {
        let known = try await keys.keys()
        guard let signing = known.signing, let now = now() else { throw .serviceUnavailable }
        let issued = Int(now.secondsSince1970)
        let named = unit.flatMap { $0.utf8.count <= Self.maximumUnitBytes ? $0 : nil }
        let claims = TokenClaims(
            usr: username, org: account.code, oun: named ?? account.code, rol: role.rawValue,
            aud: audience.rawValue, iat: issued, exp: issued + Self.validitySeconds,
            jti: UUID().uuidString.lowercased())
        do {
            return try await known.keys.sign(
                claims, kid: JWKIdentifier(string: signing), header: ["gen": .string(generation.text)])
        } catch {
            throw .internalError
        }
    }
}
