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
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy(Self.isOfAlphabet) }),
            let json = Self.bytes(base64URL: parts[0]),
            let header = try? JSONDecoder().decode(TokenHeader.self, from: json)
        else { return nil }
        self = header
    }

    private static func bytes(base64URL text: Substring) -> Data? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(
            base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
    }

    /// Base64 with the alphabet for URLs and without padding (RFC 7515, section 2).
    private static func isOfAlphabet(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
