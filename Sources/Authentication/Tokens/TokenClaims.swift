package import Charges
import Foundation
import JWTKit

/// The claims of a token: those of RFC 7519 and four of the API's own.
struct TokenClaims: JWTPayload {
    /// The user's name.
    let usr: String
    /// The operator's code.
    let org: String
    /// The unit named at login, else the operator's code.
    let oun: String
    /// The role. A token without a known one is invalid.
    let rol: String
    /// What the token is for (RFC 7519, 4.1.3). A token is valid for that alone.
    let aud: String
    /// The times of issue and expiry, in seconds since 1970.
    let iat: Int
    let exp: Int
    /// The token's own name.
    let jti: String

    /// The signature is checked by JWTKit; the time by `TokenVerifier`, on its own clock.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// What a token is for, as its claim `aud` says.
package enum TokenAudience: String, Sendable {
    case api
    case console
    case admin
}

/// The fields of a token's header that describe its signature (RFC 7515, section 4.1). Other fields are ignored.
///
/// The header is not read by JWTKit, whose `JWTHeader` decodes all fields and traps on a number that is too large for
/// an `Int`: a forged token would crash the node.
struct TokenHeader: Decodable {
    /// The algorithm.
    let alg: String
    /// The key's name.
    let kid: String
    /// The service's own: the generations of the token, as `TokenGeneration` writes them.
    let gen: String?

    /// Reads the header of an unverified token.
    ///
    /// - Returns: `nil` if the text does not have the form of a token, or the header lacks the algorithm or the key.
    init?(token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(Self.bytes(base64URL:))
        guard parts.count == 3, let json = parts[0], parts[1] != nil, parts[2] != nil,
            let header = try? JSONDecoder().decode(TokenHeader.self, from: json)
        else { return nil }
        self = header
    }

    /// The bytes of a text in base64 with the alphabet for URLs and without padding (RFC 7515, section 2).
    ///
    /// - Returns: `nil` if the text is not in this form, or not the canonical text of its bytes: the unused bits of the
    ///   last character must be 0 (RFC 4648, section 3.5), so that no token has a second text.
    private static func bytes(base64URL text: Substring) -> Data? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let encoded = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let bytes = Data(base64Encoded: String(encoded)) else { return nil }
        let encodedAgain = bytes.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return text.utf8.elementsEqual(encodedAgain.utf8) ? bytes : nil
    }
}

/// The authenticated party of a call, as its token names it.
package struct Principal: Sendable {
    package let operatorAccount: OperatorAccount
    package let username: String
    package let role: Role
    /// The token's own name, which may be logged; the token may not.
    package let tokenIdentifier: String
    /// The generations that the token carries.
    package let tokenGeneration: TokenGeneration

    /// The login, as decision files keep it: their calls check it as this token is checked.
    package var decisionFileLogin: DecisionFileLogin {
        DecisionFileLogin(
            operatorIdentifier: operatorAccount.identifier, username: username,
            operatorGeneration: tokenGeneration.ofOperator, loginGeneration: tokenGeneration.ofLogin)
    }
}

/// The generation of an operator's tokens and of one login's tokens. A revocation raises one of them. A token carries
/// both as they were when its password or key was read.
package struct TokenGeneration: Hashable, Sendable {
    package let ofOperator: Int
    /// The generation of the user or the key.
    package let ofLogin: Int

    package init(ofOperator: Int, ofLogin: Int) {
        self.ofOperator = ofOperator
        self.ofLogin = ofLogin
    }

    /// Reads `3.1`.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let first = parts[0], let second = parts[1], first > 0, second > 0 else {
            return nil
        }
        self.init(ofOperator: first, ofLogin: second)
    }

    /// The generation as a token carries it.
    package var text: String { "\(ofOperator).\(ofLogin)" }
}
