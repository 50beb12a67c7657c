import Charges
import JWTKit

/// The verifier of tokens' signatures. What a token claims is for its caller to check. Any thread may call it.
final class SignatureVerifier: Sendable {
    private let keys: TokenKeys
    private let verifiedTokens = VerifiedTokens()

    /// The maximum length of an issued token, in bytes.
    private static let maximumBytes = 4096

    init(keys: TokenKeys) {
        self.keys = keys
    }

    /// The content of a token, if one of the keys has signed it.
    ///
    /// - Throws: `invalidToken`, or `serviceUnavailable` if the keys are not known as of the last second.
    func verify(_ token: String) async throws(RequestFailure) -> VerifiedToken {
        guard token.utf8.count <= Self.maximumBytes else { throw .foreignToken }
        let name = VerifiedTokens.name(of: token)
        if let found = verifiedTokens.find(name),
            try await keys.keys().secrets[found.keyIdentifier] == found.secret
        {
            return found
        }
        guard let header = TokenHeader(token: token), header.alg == "HS256" else { throw .foreignToken }
        let identifier = ExactText(header.kid)
        let known = try await keys.keys()
        guard let secret = known.secrets[identifier],
            let generation = header.gen.flatMap(TokenGeneration.init(text:)),
            let claims = try? await known.keys.verify(token, as: TokenClaims.self)
        else { throw .foreignToken }
        let verified = VerifiedToken(
            claims: claims, generation: generation, keyIdentifier: identifier, secret: secret)
        verifiedTokens.keep(verified, as: name)
        return verified
    }
}

extension RequestFailure {
    /// The failure of a call with a token that none of the keys has signed, or that is for something else.
    static let foreignToken = RequestFailure(
        .invalidToken, "The token was not issued by this service; log in again.")

    static let tokenExpired = RequestFailure(.tokenExpired, "The token has expired; log in again.")

    static let tokenRevoked = RequestFailure(
        .invalidToken, "The token has been revoked; log in again.")
}
