import Foundation

/// What a token's header says of its signature (RFC 7515, section 4.1); the rest of it is not looked at.
///
/// It is read here and not by JWTKit, whose `JWTHeader` reads all that a header holds and traps on a number that
/// is too large for an `Int`: a made-up token would end the node.
struct TokenHeader: Decodable {
    /// The algorithm.
    let alg: String
    /// The key's name.
    let kid: String
    /// The service's own: the generations of the token, as `TokenGeneration` writes them.
    let gen: String?

    /// Reads the header of a token, of which nothing has been verified.
    ///
    /// - Returns: `nil` if the text has not the form of a token, or the header lacks the algorithm or the key.
    init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(Self.bytes(base64URL:))
        guard parts.count == 3, let json = parts[0], parts[1] != nil, parts[2] != nil,
            let header = try? JSONDecoder().decode(TokenHeader.self, from: json)
        else { return nil }
        self = header
    }

    /// The bytes of a text in base64 with the alphabet for URLs and without padding (RFC 7515, section 2).
    ///
    /// - Returns: `nil` if it is no such text, or another than the one that the bytes have: bits of the last
    ///   character that say nothing must be 0 (RFC 4648, section 3.5), so that no token has a second text.
    private static func bytes(base64URL text: Substring) -> Data? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let encoded = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let bytes = Data(base64Encoded: String(encoded)) else { return nil }
        let encodedAgain = bytes.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return text.utf8.elementsEqual(encodedAgain.utf8) ? bytes : nil
    }
}
