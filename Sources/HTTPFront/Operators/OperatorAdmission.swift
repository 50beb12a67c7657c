import Authentication
import Charges
import HTTPTypes

/// The admission of operators' calls: the step before the controllers, which finds out who calls, refuses what the operator
/// may not, and passes on the rest with its principal. A limit on the calls of an operator has its place here.
struct OperatorAdmission: Sendable {
    let authenticator: Authenticator

    /// The endpoint of the calls that the controller answers once they are admitted.
    func endpoint(_ controller: some OperatorController) -> any Controller {
        OperatorEndpoint(admission: self, controller: controller)
    }

    /// Answers a call.
    ///
    /// - Throws: The failure of a call whose operator is unknown. Later failures are responses, since the log and the
    ///   HTTP status depend on the operator.
    fileprivate func respond<C: OperatorController>(to request: RequestContext, by controller: C)
        async throws(RequestFailure) -> Response
    {
        let body = try await controller.body(of: request)
        switch try await authenticator.principal(of: request, token: body.token) {
        case .suspended(let account):
            return Response(.operatorSuspended).of(account)
        case .success(let principal):
            guard principal.role >= controller.minimumRole else {
                return Response(.notPermitted(principal.role, minimum: controller.minimumRole))
                    .of(principal.operatorAccount)
            }
            return await Response.catching { () throws(RequestFailure) in
                try await controller.respond(to: request, body, from: principal)
            }.of(principal.operatorAccount)
        }
    }
}

/// An operator's call: admission, and then the controller.
private struct OperatorEndpoint<C: OperatorController>: Controller {
    let admission: OperatorAdmission
    let controller: C

    var fileTransfer: FileTransfer { controller.fileTransfer }
    // An operator's call has at most 256 KiB and its answer a page.
    var isBrief: Bool { true }

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        try await admission.respond(to: request, by: controller)
    }
}

/// A controller whose calls need an operator's token.
protocol OperatorController: Sendable {
    associatedtype Body: TokenBody

    /// Which calls transfer a file.
    var fileTransfer: FileTransfer { get }
    /// The lowest role whose calls are answered.
    var minimumRole: Role { get }

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

extension OperatorController {
    var fileTransfer: FileTransfer { .none }
    var minimumRole: Role { .viewer }
}

extension RequestFailure {
    /// The failure of a call that the role of its login does not permit.
    static func notPermitted(_ role: Role, minimum: Role) -> RequestFailure {
        RequestFailure(
            .notPermitted,
            "The role \(role.rawValue) does not permit this call; log in with the role \(minimum.rawValue)"
                + (minimum == .administrator ? "." : " or higher."))
    }
}

extension TokenQuery {
    /// The token of a transfer, which is in the header alone, since the address of a file is passed on.
    ///
    /// - Throws: `invalidToken` if it is not there.
    init(inHeaderOf request: RequestContext) throws(RequestFailure) {
        guard request.headers[.authorization] != nil else {
            throw RequestFailure(.invalidToken, "token is missing; send Authorization: Bearer TOKEN.")
        }
        token = .absent
    }
}

extension OperatorController where Body == TokenQuery {
    func body(of request: RequestContext) async throws(RequestFailure) -> TokenQuery {
        guard !fileTransfer.applies(to: request) else { return try TokenQuery(inHeaderOf: request) }
        return TokenQuery(token: try request.queryParameter("token").map { .string($0) } ?? .absent)
    }
}
