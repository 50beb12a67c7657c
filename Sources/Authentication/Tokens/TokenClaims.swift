import JWTKit

/// What a token says: RFC 7519's claims and three of the API's own.
struct TokenClaims: JWTPayload {
    /// The user's name.
    let usr: String
    /// The operator's code.
    let org: String
    /// The unit named at login, else the operator's code.
    let oun: String
    /// When it was issued and when it ends, in seconds since 1970.
    let iat: Int
    let exp: Int
    /// The token's own name.
    let jti: String

    /// The signature is checked by JWTKit; the time by `TokenVerifier`, on its own clock.
    func verify(using algorithm: some JWTAlgorithm) {}
}
