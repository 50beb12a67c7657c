import Charges
import Crypto
import Synchronization

/// What a token says, once its signature has been verified.
struct VerifiedToken: Sendable {
    let claims: TokenClaims
    let generation: TokenGeneration
    /// The key that signed it: its name, and what it was.
    let keyIdentifier: ExactText
    let secret: [UInt8]
}

/// Tokens whose signature this node has verified not long ago, so that it need not be done at every call. It spares
/// the signature alone: whether the key is still one of ours, the time, the operator and the ends of tokens are
/// looked at at every call.
///
/// Why a stranger gains nothing by it: only what has a good signature is kept, so made-up tokens neither fill it nor
/// drive others out. A token is looked for by its SHA-256, so how long the search takes tells of a digest, and there
/// is no way from there to a token.
final class VerifiedTokens: Sendable {
    /// How many of each generation are kept. At some 700 bytes each, both are 3 MB at most.
    static let maximumCount = 2048

    private struct State {
        /// When the recent ones are full they become the older ones, which are forgotten.
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
