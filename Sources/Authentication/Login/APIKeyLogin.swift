package import Charges
import Crypto

/// A web API key: 256 random bits, as 64 hexadecimal digits. What is stored of it is its SHA-256 alone.
package struct APIKey: Sendable {
    /// What its holder logs in with. It stands in no log and in no description.
    package let text: String

    /// A new key.
    package init() {
        text = Hexadecimal.text(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// Whatever somebody presents as a key.
    package init(text: String) {
        self.text = text
    }

    /// What is stored.
    package var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "API key" }
    package var debugDescription: String { description }
}

/// Lets programs in: a good web API key gets a token.
///
/// There is no limit of failures: nobody guesses 256 bits, and looking a key up is cheap.
package final class APIKeyLogin: Sendable {
    private let keys: any APIKeyRepository
    private let tokens: TokenIssuer

    /// No key is longer, in bytes.
    private static let maximumBytes = 1024

    package init(keys: any APIKeyRepository, tokens: TokenIssuer) {
        self.keys = keys
        self.tokens = tokens
    }

    /// - Returns: The token, whose `usr` is `key:NAME`.
    /// - Throws: `invalidKey`, the same for an unknown key and a revoked one; `operatorSuspended`, only for a good
    ///   key; `serviceUnavailable`.
    package func login(_ key: APIKey, deadline: ContinuousClock.Instant) async throws(RequestFailure)
        -> String
    {
        guard key.text.utf8.count <= Self.maximumBytes,
            let account = try await keys.key(hash: key.hash, deadline: deadline), !account.isRevoked
        else { throw .invalidKey }
        guard !account.operatorAccount.isSuspended else { throw .operatorSuspended(account.operatorAccount) }
        return try await tokens.issue(
            username: "key:" + account.name, account: account.operatorAccount, unit: nil,
            generation: account.tokenGeneration)
    }
}

extension RequestFailure {
    /// Whatever is wrong with a key.
    package static let invalidKey = RequestFailure(
        .invalidKey,
        "The key is unknown or revoked; send it as the user name of HTTP Basic, without a password."
    )
}
