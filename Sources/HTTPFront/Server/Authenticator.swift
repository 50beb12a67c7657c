import Authentication
import Charges
import Foundation
import HTTPTypes
import StrictJSON

/// The step before the controllers that finds out who calls: it finds the token or the key, verifies it, and passes its
/// principal on. What applies to each operator, such as a limit, has its place in `respond(to:by:)`.
struct Authenticator: Sendable {
    let tokens: TokenVerifier
    let providerKeys: ProviderKeyVerifier

    /// The endpoint of a call that needs an operator's token.
    func operators(_ controller: some OperatorController) -> any Controller {
        OperatorEndpoint(authenticator: self, controller: controller)
    }

    /// The endpoint of a call that needs a provider key.
    func provider(_ controller: some Controller) -> any Controller {
        ProviderEndpoint(authenticator: self, controller: controller)
    }

    /// The operator of a call that was refused before its token was looked for, by the token of the header; the one of
    /// the body may be unreadable.
    func operatorAccount(ofRefused request: RequestContext) async -> OperatorAccount? {
        guard let token = try? Self.token(request.headers, field: .absent),
            let result = try? await tokens.verify(token, deadline: request.deadline)
        else { return nil }
        return switch result {
        case .success(let principal): principal.operatorAccount
        case .suspended(let account): account
        }
    }

    /// Answers a call of an operator.
    ///
    /// - Throws: The failure of a call whose operator is unknown. Later failures are responses, since the log and the
    ///   HTTP status depend on the operator.
    fileprivate func respond<C: OperatorController>(to request: RequestContext, by controller: C)
        async throws(RequestFailure) -> Response
    {
        let body = try await controller.body(of: request)
        let token = try Self.token(request.headers, field: body.token)
        switch try await tokens.verify(token, deadline: request.deadline) {
        case .suspended(let account):
            return Response(.operatorSuspended).of(account)
        case .success(let principal):
            return await Response.catching { () throws(RequestFailure) in
                try await controller.respond(to: request, body, from: principal)
            }.of(principal.operatorAccount)
        }
    }

    /// Answers a call of the provider.
    fileprivate func respond(to request: RequestContext, by controller: any Controller)
        async throws(RequestFailure) -> Response
    {
        guard let key = try? Self.bearer(request.headers) else {
            throw RequestFailure(
                .invalidKey, "The provider key is missing; send Authorization: Bearer PROVIDER_KEY.")
        }
        let name = try await providerKeys.verify(key, deadline: request.deadline)
        var response = await Response.catching { () throws(RequestFailure) in
            try await controller.respond(to: request)
        }
        response.providerKeyName = name
        return response
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
        guard let header = headers[.authorization] else { return nil }
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

/// A controller whose calls need an operator's token.
protocol OperatorController: Sendable {
    associatedtype Body: TokenBody

    /// Reads the request up to its token. The rest is checked after the token, by `respond`.
    func body(of request: RequestContext) async throws(RequestFailure) -> Body

    /// - Throws: The failure of the whole call.
    func respond(to request: RequestContext, _ body: Body, from principal: Principal)
        async throws(RequestFailure) -> Response
}

/// The part of a request that may hold its token.
protocol TokenBody: Sendable {
    /// The field `token`.
    var token: JSONField { get }
}

/// The query of a `GET`, whose token is a parameter.
struct TokenQuery: TokenBody {
    let token: JSONField
}

extension OperatorController where Body == TokenQuery {
    func body(of request: RequestContext) async throws(RequestFailure) -> TokenQuery {
        TokenQuery(token: try request.queryParameter("token").map { .string($0) } ?? .absent)
    }
}

/// An operator's call: authentication, and then the controller.
private struct OperatorEndpoint<C: OperatorController>: Controller {
    let authenticator: Authenticator
    let controller: C

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        try await authenticator.respond(to: request, by: controller)
    }
}

/// The provider's call: authentication, and then the controller.
private struct ProviderEndpoint<C: Controller>: Controller {
    let authenticator: Authenticator
    let controller: C

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        try await authenticator.respond(to: request, by: controller)
    }
}
