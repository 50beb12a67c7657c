import Charges
import Crypto
import Synchronization

/// The content of a token whose signature has been verified.
struct VerifiedToken: Sendable {
    let claims: TokenClaims
    let generation: TokenGeneration
    /// The name of the key that signed it. `secret` is the key's secret at that time.
    let keyIdentifier: ExactText
    let secret: [UInt8]
}

/// A cache of tokens whose signature this node has verified recently. It saves verifying the signature alone: the key,
/// the expiry, the operator and the revocations are checked at every call.
///
/// The cache gives an attacker nothing. Only tokens with a valid signature are kept, so forged ones neither fill it nor
/// evict others. A token is looked up by its SHA-256, so the time of a look-up can only reveal a digest, from which no
/// token can be derived.
final class VerifiedTokens: Sendable {
    /// The maximum number of tokens in each of the two generations. At about 700 bytes each, both have 3 MB at most.
    static let maximumCount = 2048

    private struct State {
        /// The recent tokens. When they are full they replace the older ones, which are dropped.
        var recent: [SHA256Digest: VerifiedToken] = [:]
        var older: [SHA256Digest: VerifiedToken] = [:]

        mutating func keep(_ token: VerifiedToken, as name: SHA256Digest) {
            if recent.count >= maximumCount {
                older = recent
                recent = [:]
            }
            recent[name] = token
        }
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.recent.count + $0.older.count } }

    /// The name under which a token is kept.
    static func name(of token: String) -> SHA256Digest {
        var hash = SHA256()
        var token = token
        token.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize()
    }

    func find(_ name: SHA256Digest) -> VerifiedToken? {
        state.withLock { state in
            if let token = state.recent[name] { return token }
            guard let token = state.older[name] else { return nil }
            state.keep(token, as: name)
            return token
        }
    }

    func keep(_ token: VerifiedToken, as name: SHA256Digest) {
        state.withLock { $0.keep(token, as: name) }
    }
}
