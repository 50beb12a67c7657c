import Authentication
import Charges
import Foundation
import HTTPTypes

/// The authenticator of calls: it finds the token or the provider key of a call, and verifies it.
struct Authenticator: Sendable {
    let tokens: TokenVerifier
    let providerKeys: ProviderKeyVerifier

    /// The principal of an operator's call.
    ///
    /// - Parameter field: The field of the body, or the query's parameter, that may hold the token.
    /// - Throws: `invalidToken`, `tokenExpired`, `serviceUnavailable`.
    func principal(of request: RequestContext, token field: JSONField) async throws(RequestFailure)
        -> AuthenticationResult<Principal>
    {
        try await tokens.verify(try Self.token(request.headers, field: field), deadline: request.deadline)
    }

    /// The name of the provider key of a provider's call.
    ///
    /// - Throws: `invalidKey`, `serviceUnavailable`.
    func providerKeyName(of request: RequestContext) async throws(RequestFailure) -> String {
        guard let key = try? Self.bearer(request.headers) else {
            throw RequestFailure(
                .invalidKey, "The provider key is missing; send Authorization: Bearer PROVIDER_KEY.")
        }
        return try await providerKeys.verify(key, deadline: request.deadline)
    }

    /// The operator of a call that was refused before its token was looked for, by the token of the header; the one of
    /// the body may be unreadable.
    func operatorAccount(ofRefused request: RequestContext) async -> OperatorAccount? {
        guard let result = try? await principal(of: request, token: .absent) else { return nil }
        return switch result {
        case .success(let principal): principal.operatorAccount
        case .suspended(let account): account
        }
    }

    /// The token of a call: in the body's field `token` or, for a `GET`, the query parameter of that name; in
    /// `Authorization: Bearer`; or the same token in both.
    private static func token(_ headers: HTTPFields, field: JSONField) throws(RequestFailure) -> String {
        var inField: String?
        switch field {
        case .absent: break
        case .string(let text): inField = text
        case .wrongType: throw RequestFailure(.invalidToken, "token must be a string.")
        }
        let inHeader = try bearer(headers)
        if let inField, let inHeader, !inField.utf8.elementsEqual(inHeader.utf8) {
            throw RequestFailure(
                .invalidToken, "token and Authorization hold different tokens; send one of them.")
        }
        guard let token = inHeader ?? inField, !token.isEmpty else {
            throw RequestFailure(
                .invalidToken, "token is missing; send Authorization: Bearer TOKEN or the field token.")
        }
        return token
    }

    /// The token of the header (RFC 6750, section 2.1). The scheme may be in any case.
    private static func bearer(_ headers: HTTPFields) throws(RequestFailure) -> String? {
        // Joining the lines of a field takes as long as verifying a token that is known. There is hardly ever a second.
        let lines = headers[values: .authorization]
        guard let header = lines.count > 1 ? headers[.authorization] : lines.first else { return nil }
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") }
        let words = header.utf8.drop(while: isSpace)
        guard let end = words.firstIndex(where: isSpace), words.index(after: end) < words.endIndex,
            words[..<end].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else {
            throw RequestFailure(.invalidToken, "Authorization must be Bearer TOKEN.")
        }
        return String(Substring(words[end...].drop(while: isSpace)))
    }
}
