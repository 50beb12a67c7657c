import Authentication
import Crypto
import Foundation

/// Tokens that the service never issued, and some that it might have.
enum ForgedToken {
    static let claims =
        #"{"usr":"anna","org":"ACME","oun":"ACME","rol":"decider","aud":"api","iat":1795417200,"exp":1795424400,"jti":"j"}"#

    /// A token signed with HMAC-SHA-256 by a secret that is a byte over and over.
    static func signed(
        header: String = #"{"alg":"HS256","typ":"JWT","kid":"k1","gen":"1.1"}"#, claims: String = claims,
        byte: UInt8 = 1
    ) -> String {
        let input = base64URL(header.utf8) + "." + base64URL(claims.utf8)
        let code = HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: key(byte))
        return input + "." + base64URL(code)
    }

    /// The same with HMAC-SHA-512.
    static func signedWithSHA512(header: String, claims: String = claims, byte: UInt8 = 1) -> String {
        let input = base64URL(header.utf8) + "." + base64URL(claims.utf8)
        let code = HMAC<SHA512>.authenticationCode(for: Data(input.utf8), using: key(byte))
        return input + "." + base64URL(code)
    }

    /// A token with a signature that is what it is.
    static func unsigned(header: String, claims: String = claims, signature: String = "") -> String {
        base64URL(header.utf8) + "." + base64URL(claims.utf8) + "." + signature
    }

    /// A part of a token as the JSON that it is.
    static func json(part: Int, of token: String) throws -> [String: any Sendable] {
        var text = token.split(separator: ".", omittingEmptySubsequences: false)[part]
            .replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let data = Data(base64Encoded: String(text)) ?? Data()
        return try JSONSerialization.jsonObject(with: data) as? [String: any Sendable] ?? [:]
    }

    static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private static func key(_ byte: UInt8) -> SymmetricKey {
        SymmetricKey(data: Array(repeating: byte, count: 32))
    }
}
