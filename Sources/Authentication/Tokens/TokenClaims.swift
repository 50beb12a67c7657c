package import Charges
import Foundation
import JWTKit

/// The claims of a token: those of RFC 7519, four of the API's own, and two of the console's.
struct TokenClaims: JWTPayload {
    /// The user's name.
    let usr: String
    /// The operator's code.
    let org: String
    /// The unit named at login, else the operator's code.
    let oun: String
    /// The role; of an administrator of the service `serviceAdministrator`. A token without a known one is invalid.
    let rol: String
    /// What the token is for (RFC 7519, 4.1.3). A token is valid for that alone.
    let aud: String
    /// The times of issue and expiry, in seconds since 1970.
    let iat: Int
    let exp: Int
    /// The token's own name. The tokens of one console session share it.
    let jti: String
    /// The time of the sign-in, in seconds since 1970 (OpenID Connect Core, section 2); `nil` but in a console's token.
    var authTime: Int?
    /// The text that the session's forms carry; `nil` but in a console's token.
    var csrf: String?

    private enum CodingKeys: String, CodingKey {
        case usr, org, oun, rol, aud, iat, exp, jti, csrf
        case authTime = "auth_time"
    }

    /// The role of an administrator of the service, which is none of an operator's (`Role`).
    static let serviceAdministrator = "service-administrator"

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
    /// The generations of the token, by which the database checks it again where a change rests on it.
    package let tokenGeneration: TokenGeneration
    /// The console's session; `nil` for a call of the API.
    package let session: Session?

    /// The login, as decision files keep it: their calls check it as this token is checked.
    package var decisionFileLogin: DecisionFileLogin {
        DecisionFileLogin(
            operatorIdentifier: operatorAccount.identifier, username: username,
            operatorGeneration: tokenGeneration.ofOperator, loginGeneration: tokenGeneration.ofLogin)
    }
}

/// A person's session at the console. Each of its tokens is renewed while it is in use.
package struct Session: Sendable {
    package let signedInOn: Timestamp
    /// When the token was issued.
    package let issuedOn: Timestamp
    /// The text that proves that a form was made for this session. It may stand in pages, and nowhere else.
    package let formToken: String

    /// The longest session, from its sign-in on.
    package static let maximumSeconds = 12 * 60 * 60
    /// The age of a token in use that is renewed.
    package static let renewalSeconds = 10 * 60

    /// - Returns: `nil` if the token is not a console's.
    init?(_ claims: TokenClaims) {
        guard let signedIn = claims.authTime, let csrf = claims.csrf else { return nil }
        signedInOn = Timestamp(secondsSince1970: Int64(signedIn))
        issuedOn = Timestamp(secondsSince1970: Int64(claims.iat))
        formToken = csrf
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
