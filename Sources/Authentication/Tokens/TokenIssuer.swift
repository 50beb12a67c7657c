package import Charges
import Foundation
import JWTKit

/// The issuer of tokens: JWT (RFC 7519) with HS256.
package struct TokenIssuer: Sendable {
    private let keys: TokenKeys
    private let audience: TokenAudience
    private let now: @Sendable () -> Timestamp?

    /// The validity of a token, whatever its use.
    static let validitySeconds = 2 * 60 * 60
    /// The maximum length of a unit, in bytes. A longer unit is left out: it has no meaning, and the token must not
    /// become longer than `TokenVerifier` accepts.
    private static let maximumUnitBytes = 256

    /// - Parameters:
    ///   - audience: What the tokens are for.
    ///   - now: The database's time, the same for all nodes; `nil` if the node does not know it yet.
    package init(
        keys: TokenKeys, audience: TokenAudience = .api, now: @escaping @Sendable () -> Timestamp?
    ) {
        self.keys = keys
        self.audience = audience
        self.now = now
    }

    /// Issues a token.
    ///
    /// - Parameters:
    ///   - username: The user's name, or `key:` and the key's name.
    ///   - role: The role when the password or the key was read. A change of the role raises the generation.
    ///   - unit: The unit named at login; without one the token has the operator's code.
    ///   - generation: The generation when the password or the key was read, so that a token never outlives them.
    /// - Throws: `RequestFailure.serviceUnavailable` if the signing keys or the time cannot be read.
    package func issue(
        username: String, role: Role, account: OperatorAccount, unit: String?, generation: TokenGeneration
    ) async throws(RequestFailure) -> String {
        let session =
            audience == .api ? nil : NewSession(signedInOn: nil, formToken: RandomText.new, identifier: nil)
        return try await token(
            of: Subject(username, role: role, account: account, unit: unit, generation: generation),
            session: session)
    }

    /// Issues the first token of an administrator's session.
    ///
    /// - Throws: As `issue`.
    func issue(administrator account: AdministratorAccount) async throws(RequestFailure) -> String {
        try await token(
            of: Subject(administrator: account.name, generation: account.tokenGeneration),
            session: NewSession(signedInOn: nil, formToken: RandomText.new, identifier: nil))
    }

    /// Issues the next token of an administrator's session.
    ///
    /// - Throws: As `issue`.
    func renew(_ principal: AdministratorPrincipal) async throws(RequestFailure) -> String {
        try await token(
            of: Subject(administrator: principal.name, generation: principal.tokenGeneration),
            session: NewSession(principal.session, identifier: principal.tokenIdentifier))
    }

    /// Issues the next token of a session, which is of the same generation and ends no later than the session may last.
    ///
    /// - Parameter principal: The person, by the session's token.
    /// - Throws: As `issue`.
    package func renew(_ principal: Principal, _ session: Session) async throws(RequestFailure) -> String {
        try await token(
            of: Subject(
                principal.username, role: principal.role, account: principal.operatorAccount, unit: nil,
                generation: principal.tokenGeneration),
            session: NewSession(session, identifier: principal.tokenIdentifier))
    }

    /// Whom a token names.
    private struct Subject {
        let username: String
        let organisation: String
        let unit: String
        let role: String
        let generation: TokenGeneration

        init(
            _ username: String, role: Role, account: OperatorAccount, unit: String?,
            generation: TokenGeneration
        ) {
            let named = unit.flatMap { $0.utf8.count <= TokenIssuer.maximumUnitBytes ? $0 : nil }
            self.username = username
            organisation = account.code
            self.unit = named ?? account.code
            self.role = role.rawValue
            self.generation = generation
        }

        /// An administrator of the service, who is of no operator and has no role there.
        init(administrator name: String, generation: Int) {
            username = name
            organisation = ""
            unit = ""
            role = TokenClaims.serviceAdministrator
            self.generation = TokenGeneration(ofOperator: 1, ofLogin: generation)
        }
    }

    /// What a token says of its session.
    private struct NewSession {
        /// In seconds since 1970; `nil` for now.
        let signedInOn: Int?
        let formToken: String
        /// The name that the session's tokens share; `nil` for a new one.
        let identifier: String?

        init(signedInOn: Int?, formToken: String, identifier: String?) {
            self.signedInOn = signedInOn
            self.formToken = formToken
            self.identifier = identifier
        }

        /// What the next token of a session says of it.
        init(_ session: Session, identifier: String) {
            self.init(
                signedInOn: Int(session.signedInOn.secondsSince1970), formToken: session.formToken,
                identifier: identifier)
        }
    }

    private func token(of subject: Subject, session: NewSession?) async throws(RequestFailure) -> String {
        let known = try await keys.keys()
        guard let signing = known.signing, let now = now() else { throw .serviceUnavailable }
        let issued = Int(now.secondsSince1970)
        let signedIn = session.map { $0.signedInOn ?? issued }
        let last = signedIn.map { $0 + Session.maximumSeconds } ?? Int.max
        let claims = TokenClaims(
            usr: subject.username, org: subject.organisation, oun: subject.unit, rol: subject.role,
            aud: audience.rawValue, iat: issued, exp: min(issued + Self.validitySeconds, last),
            jti: session?.identifier ?? UUID().uuidString.lowercased(), authTime: signedIn,
            csrf: session?.formToken)
        do {
            return try await known.keys.sign(
                claims, kid: JWKIdentifier(string: signing), header: ["gen": .string(subject.generation.text)]
            )
        } catch {
            throw .internalError
        }
    }
}
