package import Charges
import Crypto

/// A web API key: 256 random bits, as 64 hexadecimal digits. Only its SHA-256 is stored.
package struct APIKey: Sendable {
    /// The key itself. Logs and descriptions never contain it.
    package let text: String

    /// A new key.
    package init() {
        text = Hexadecimal.text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// A key as a client sends it, valid or not.
    package init(text: String) {
        self.text = text
    }

    /// The hash that is stored.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "API key" }
    package var debugDescription: String { description }
}

/// The login with a web API key. A valid key gets a token.
///
/// Failures are not limited, since 256 bits cannot be guessed, and looking a key up is cheap.
package final class APIKeyLogin: Sendable {
    private let keys: any APIKeyRepository
    private let tokens: TokenIssuer

    /// The maximum length of a key, in bytes.
    private static let maximumBytes = 1024

    package init(keys: any APIKeyRepository, tokens: TokenIssuer) {
        self.keys = keys
        self.tokens = tokens
    }

    /// Logs a program in.
    ///
    /// - Returns: The token, whose `usr` is `key:NAME`. That the operator is suspended is returned only for a valid
    ///   key.
    /// - Throws: `invalidKey`, the same for an unknown key and a revoked one; `serviceUnavailable`.
    package func login(_ key: APIKey, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> AuthenticationResult<String>
    {
        guard key.text.utf8.count <= Self.maximumBytes,
            let account = try await keys.key(hash: key.hash, deadline: deadline), !account.isRevoked
        else { throw .invalidKey }
        guard !account.operatorAccount.isSuspended else { return .suspended(account.operatorAccount) }
        return .success(
            try await tokens.issue(
                username: "key:" + account.name, role: account.role, account: account.operatorAccount,
                unit: nil,
                generation: account.tokenGeneration))
    }
}

extension RequestFailure {
    /// The failure of a login with an invalid key, whatever the fault.
    package static let invalidKey = RequestFailure(
        .invalidKey,
        "The key is unknown or revoked. Send it as the user name of HTTP Basic, with an empty password."
    )
}
